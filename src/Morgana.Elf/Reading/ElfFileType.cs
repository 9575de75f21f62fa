namespace Morgana.Elf;

/// <summary>What an ELF file is (<c>e_type</c>). Other values exist.</summary>
public enum ElfFileType
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A relocatable object (<c>ET_REL</c>).</summary>
    Relocatable = 1,

    /// <summary>An executable at fixed addresses (<c>ET_EXEC</c>).</summary>
    Executable = 2,

    /// <summary>A shared object or a position-independent executable (<c>ET_DYN</c>).</summary>
    Shared = 3,

    /// <summary>A core dump (<c>ET_CORE</c>).</summary>
    Core = 4,
}
