namespace Morgana.Elf;

/// <summary>Types of program headers (<c>p_type</c>). Other values exist.</summary>
public enum ElfSegmentType : uint
{
    /// <summary>Unused entry.</summary>
    Null = 0,

    /// <summary>To be mapped into memory (<c>PT_LOAD</c>).</summary>
    Load = 1,

    /// <summary>Path of the interpreter (<c>PT_INTERP</c>).</summary>
    Interpreter = 3,

    /// <summary>Notes (<c>PT_NOTE</c>).</summary>
    Note = 4,

    /// <summary>Template of thread-local storage (<c>PT_TLS</c>).</summary>
    ThreadLocal = 7,
}
