namespace Properties.Programs;

/// <summary>Stacks cannot be executed either.</summary>
internal static unsafe class ExecuteStack
{
    public static int Run(Probe probe)
    {
        byte* code = stackalloc byte[64];
        MachineCode.Return.CopyTo(new Span<byte>(code, 64));
        probe.Say("about to execute the stack");
        ((delegate* unmanaged<void>)code)();
        probe.Say("the stack was executed");
        return 0;
    }
}
