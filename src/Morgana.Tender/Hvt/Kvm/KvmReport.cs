namespace Morgana.Tender.Hvt;

/// <summary>What a machine's KVM is good for.</summary>
/// <param name="Works">Whether a guest runs on it, at the speed that hardware has.</param>
/// <param name="Problem">What is wrong and what to do, as the middle of a sentence; empty when it works.</param>
public sealed record KvmReport(bool Works, string Problem)
{
    /// <summary>It works.</summary>
    public static KvmReport Good { get; } = new(true, "");
}
