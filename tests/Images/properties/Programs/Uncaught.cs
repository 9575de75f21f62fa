namespace Properties.Programs;

/// <summary>An exception that nobody catches is shown with its type, its message and the methods it came through.</summary>
internal static class Uncaught
{
    public static int Run(Probe probe)
    {
        probe.Say("about to throw");
        throw new InvalidOperationException("the program gave up");
    }
}
