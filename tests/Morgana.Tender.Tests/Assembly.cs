// One emulated machine for all tests that want KVM; it is booted when the first of them asks.
[assembly: AssemblyFixture(typeof(Morgana.Rig.SharedRigs))]
