using Morgana.Elf;

namespace Morgana.Tender.Seccomp;

/// <summary>
/// Turns rules into the BPF program that the kernel runs at each system call (<c>seccomp(2)</c>). The program looks at the
/// architecture first, then at the call's number, then at the arguments; what no rule allows kills the process.
/// </summary>
internal static class SeccompFilter
{
    public const uint Allow = 0x7fff0000; // SECCOMP_RET_ALLOW
    public const uint Refuse = 0x00050000; // SECCOMP_RET_ERRNO
    public const uint KillProcess = 0x80000000; // SECCOMP_RET_KILL_PROCESS
    public const uint ArchitectureX64 = 0xc000003e; // AUDIT_ARCH_X86_64
    public const uint ArchitectureArm64 = 0xc00000b7; // AUDIT_ARCH_AARCH64

    // Offsets in struct seccomp_data.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint ArgumentsOffset = 16;

    // In place of a jump's distance, until the distance to the rule's end is known.
    private const byte ToEnd = 255;

    /// <summary>Assembles the program.</summary>
    /// <param name="rules">The rules. Calls are looked for in the order in which they first appear: frequent ones go first.</param>
    /// <param name="machine">The architecture. Rules for calls that it does not have are left out.</param>
    public static BpfInstruction[] Assemble(IReadOnlyList<SeccompRule> rules, ElfMachine machine)
    {
        uint architecture = machine == ElfMachine.Arm64 ? ArchitectureArm64 : ArchitectureX64;
        var program = new List<BpfInstruction>(256)
        {
            BpfInstruction.Load(ArchitectureOffset),
            new(BpfInstruction.CodeEqual, 1, 0, architecture),
            BpfInstruction.Return(KillProcess),
            BpfInstruction.Load(NumberOffset),
        };
        var body = new List<BpfInstruction>();
        for (int i = 0; i < rules.Count; i++)
        {
            SystemCall call = rules[i].Call;
            if (call.Number(machine) is not uint number || AppearsBefore(rules, i))
            {
                continue;
            }

            body.Clear();
            for (int k = i; k < rules.Count; k++)
            {
                if (ReferenceEquals(rules[k].Call, call))
                {
                    AppendRule(body, rules[k]);
                }
            }

            body.Add(BpfInstruction.Return(KillProcess));

            // A conditional jump reaches 255 instructions, the other one any distance.
            program.Add(new(BpfInstruction.CodeEqual, 1, 0, number));
            program.Add(BpfInstruction.Jump((uint)body.Count));
            program.AddRange(body);
        }

        program.Add(BpfInstruction.Return(KillProcess));
        return program.Count <= BpfInstruction.Most
            ? [.. program]
            : throw new InvalidOperationException(
                $"the filter has {program.Count} instructions, but the kernel takes {BpfInstruction.Most}"
            );
    }

    private static bool AppearsBefore(IReadOnlyList<SeccompRule> rules, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (ReferenceEquals(rules[i].Call, rules[index].Call))
            {
                return true;
            }
        }

        return false;
    }

    private static void AppendRule(List<BpfInstruction> program, SeccompRule rule)
    {
        int start = program.Count;
        foreach (ArgumentCheck check in rule.Checks)
        {
            AppendCheck(program, check);
        }

        program.Add(BpfInstruction.Return(rule.Refusal == 0 ? Allow : Refuse | rule.Refusal));
        int end = program.Count;
        for (int i = start; i < end; i++)
        {
            BpfInstruction instruction = program[i];
            if (instruction.Code is BpfInstruction.CodeLoad or BpfInstruction.CodeReturn)
            {
                continue;
            }

            byte distance = checked((byte)(end - i - 1));
            program[i] = instruction with
            {
                JumpTrue = instruction.JumpTrue == ToEnd ? distance : instruction.JumpTrue,
                JumpFalse = instruction.JumpFalse == ToEnd ? distance : instruction.JumpFalse,
            };
        }
    }

    private static void AppendCheck(List<BpfInstruction> program, ArgumentCheck check)
    {
        uint lowOffset = ArgumentsOffset + 8 * (uint)check.Index;
        uint low = (uint)check.Value;
        uint high = (uint)(check.Value >> 32);
        switch (check.Comparison)
        {
            case Comparison.Equal:
                program.Add(BpfInstruction.Load(lowOffset + 4));
                program.Add(new(BpfInstruction.CodeEqual, 0, ToEnd, high));
                program.Add(BpfInstruction.Load(lowOffset));
                program.Add(new(BpfInstruction.CodeEqual, 0, ToEnd, low));
                break;
            case Comparison.AtMost:
                program.Add(BpfInstruction.Load(lowOffset + 4));
                program.Add(new(BpfInstruction.CodeGreater, ToEnd, 0, high));
                program.Add(new(BpfInstruction.CodeEqual, 0, 2, high));
                program.Add(BpfInstruction.Load(lowOffset));
                program.Add(new(BpfInstruction.CodeGreater, ToEnd, 0, low));
                break;
            case Comparison.AtLeast:
                program.Add(BpfInstruction.Load(lowOffset + 4));
                program.Add(new(BpfInstruction.CodeGreater, 3, 0, high));
                program.Add(new(BpfInstruction.CodeEqual, 0, ToEnd, high));
                program.Add(BpfInstruction.Load(lowOffset));
                program.Add(new(BpfInstruction.CodeGreaterOrEqual, 0, ToEnd, low));
                break;
            default:
                program.Add(BpfInstruction.Load(lowOffset));
                program.Add(new(BpfInstruction.CodeAnyBit, ToEnd, 0, low));
                break;
        }
    }
}
