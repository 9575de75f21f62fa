namespace Morgana.Elf;

/// <summary>What a segment's memory may be used for (<c>p_flags</c>).</summary>
[Flags]
public enum ElfSegmentFlags : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>May be executed (<c>PF_X</c>).</summary>
    Execute = 1,

    /// <summary>May be written (<c>PF_W</c>).</summary>
    Write = 2,

    /// <summary>May be read (<c>PF_R</c>).</summary>
    Read = 4,
}
