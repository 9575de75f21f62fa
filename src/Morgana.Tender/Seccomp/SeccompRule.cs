namespace Morgana.Tender.Seccomp;

/// <summary>A system call that is allowed when all of its checks hold.</summary>
/// <param name="Call">Which call.</param>
/// <param name="Checks">What its arguments must be.</param>
/// <param name="Reason">Why a guest needs it, and why it is harmless like this.</param>
internal sealed record SeccompRule(SystemCall Call, ArgumentCheck[] Checks, string Reason)
{
    public override string ToString() =>
        $"{Call.Name}({string.Join(", ", Array.ConvertAll(Checks, check => check.ToString()))}): {Reason}";
}
