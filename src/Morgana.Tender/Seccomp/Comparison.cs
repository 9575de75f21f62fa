namespace Morgana.Tender.Seccomp;

/// <summary>How an argument of a system call is compared, without a sign.</summary>
internal enum Comparison
{
    /// <summary>Equal to the value.</summary>
    Equal,

    /// <summary>Not above the value.</summary>
    AtMost,

    /// <summary>Not below the value.</summary>
    AtLeast,

    /// <summary>None of the value's bits is set; the value has 32 bits.</summary>
    NoBitsOf,
}
