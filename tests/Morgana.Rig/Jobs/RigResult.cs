using System.Text;

namespace Morgana.Rig.Jobs;

/// <summary>What a job that has ended left.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="OutputBytes">What it printed on standard output.</param>
/// <param name="ErrorBytes">What it printed on standard error.</param>
public sealed record RigResult(
    int ExitCode,
    ReadOnlyMemory<byte> OutputBytes,
    ReadOnlyMemory<byte> ErrorBytes
)
{
    /// <summary>Standard output as UTF-8.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes.Span);

    /// <summary>Standard error as UTF-8.</summary>
    public string Error => Encoding.UTF8.GetString(ErrorBytes.Span);
}
