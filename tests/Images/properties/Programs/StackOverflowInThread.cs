namespace Properties.Programs;

/// <summary>So does a full stack of another thread.</summary>
internal static class StackOverflowInThread
{
    public static int Run(Probe probe)
    {
        probe.Say("about to overflow");
        Thread thread = new(() => StackOverflow.Deep(1)) { Name = "digger" };
        thread.Start();
        thread.Join();
        return 0;
    }
}
