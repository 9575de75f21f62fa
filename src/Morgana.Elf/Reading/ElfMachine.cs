namespace Morgana.Elf;

/// <summary>Processor architectures by their number in the ELF header (<c>e_machine</c>). Other values exist.</summary>
public enum ElfMachine
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>x86-64 (<c>EM_X86_64</c>).</summary>
    X64 = 62,

    /// <summary>AArch64 (<c>EM_AARCH64</c>).</summary>
    Arm64 = 183,
}
