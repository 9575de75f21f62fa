using Morgana.Elf;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Seccomp;

/// <summary>A system call that is allowed when all of its checks hold.</summary>
/// <param name="Call">Which call.</param>
/// <param name="Checks">What its arguments must be.</param>
/// <param name="Reason">Why a guest needs it, and why it is harmless like this.</param>
/// <param name="Refusal">0: the call is carried out. Else the error that it ends with, in place of the process's end.</param>
internal sealed record SeccompRule(
    SystemCall Call,
    ArgumentCheck[] Checks,
    string Reason,
    ushort Refusal = 0
)
{
    /// <summary>Whether the user asked for the rules in place of the run.</summary>
    /// <param name="variable">The environment variable, zero-terminated.</param>
    public static unsafe bool IsExplained(ReadOnlySpan<byte> variable)
    {
        fixed (byte* name = variable)
        {
            return LinuxCalls.GetEnvironment(name) != null;
        }
    }

    /// <summary>Writes the rules that hold for an image, each with its reason.</summary>
    public static void Explain(IReadOnlyList<SeccompRule> rules, ElfFile file, TextWriter error)
    {
        error.Write($"{file.Source.Name}: what is not listed kills the guest\n");
        foreach (SeccompRule rule in rules)
        {
            if (rule.Call.Number(file.Machine) is not null)
            {
                error.Write($"  {rule}\n");
            }
        }
    }

    public override string ToString() =>
        $"{Call.Name}({string.Join(", ", Array.ConvertAll(Checks, check => check.ToString()))}){(Refusal == 0 ? "" : $" fails with {Refusal}")}: {Reason}";
}
