namespace Properties.Programs;

/// <summary>A program that ends itself says why, and its exit code is that of an abort.</summary>
internal static class Abort
{
    public static int Run(Probe probe)
    {
        probe.Say("about to abort");
        Environment.FailFast("enough is enough");
        return 0;
    }
}
