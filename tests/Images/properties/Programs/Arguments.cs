namespace Properties.Programs;

/// <summary>What stands on the command line arrives as it was written, spaces and quotes included.</summary>
internal static class Arguments
{
    public static int Run(Probe probe)
    {
        probe.Say($"[{probe.Text}]");
        probe.Say($"{probe.Text.Length} characters");
        return 0;
    }
}
