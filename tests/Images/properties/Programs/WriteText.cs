namespace Properties.Programs;

/// <summary>The program's code cannot be written.</summary>
internal static unsafe class WriteText
{
    public static int Run(Probe probe)
    {
        probe.Say("about to write code");
        *(byte*)(delegate* <Probe, int>)&Victim = 0;
        probe.Say("code was written");
        return 0;
    }

    private static int Victim(Probe probe) => 1;
}
