// Each test starts servers and images: side by side they would only slow each other down and blur what failed.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

// Namespaces, TAP devices and the tenders are Linux's.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// One emulated machine an architecture for all tests that want one; it is booted when the first of them asks.
[assembly: AssemblyFixture(typeof(Morgana.Rig.SharedRigs))]
