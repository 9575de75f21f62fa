namespace Morgana.Tender.Hvt;

/// <summary>What a guest may see of a leaf of <c>cpuid</c>. Bits that are not set here are told as 0.</summary>
/// <param name="Leaf">The leaf: <c>eax</c> at the instruction.</param>
/// <param name="Subleaf">The subleaf, <c>ecx</c> at the instruction; null: all.</param>
/// <param name="Eax">Bits of <c>eax</c> that stay.</param>
/// <param name="Ebx">Bits of <c>ebx</c> that stay.</param>
/// <param name="Ecx">Bits of <c>ecx</c> that stay.</param>
/// <param name="Edx">Bits of <c>edx</c> that stay.</param>
/// <param name="Reason">Why these, and what is left out.</param>
internal sealed record CpuidRule(
    uint Leaf,
    uint? Subleaf,
    uint Eax,
    uint Ebx,
    uint Ecx,
    uint Edx,
    string Reason
);
