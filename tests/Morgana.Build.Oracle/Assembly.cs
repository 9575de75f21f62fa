// A process has one environment, and trees have variables in it.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

// The trees have links and a shell script in them.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
