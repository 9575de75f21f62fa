using System.Buffers.Binary;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Tests;

/// <summary>Runs a filter as the kernel does (<c>bpf_check_classic</c> and <c>seccomp_check_filter</c> limit what it may be).</summary>
internal static class BpfInterpreter
{
    public static uint Run(
        BpfInstruction[] program,
        uint architecture,
        uint number,
        params ulong[] arguments
    )
    {
        byte[] data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture);
        for (int i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + 8 * i), arguments[i]);
        }

        uint accumulator = 0;
        int at = 0;
        while (true)
        {
            BpfInstruction instruction = program[at++];
            switch (instruction.Code)
            {
                case 0x20: // ld [k]
                    Assert.Equal(0U, instruction.Operand % 4);
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(
                        data.AsSpan((int)instruction.Operand)
                    );
                    break;
                case 0x05: // ja
                    at += (int)instruction.Operand;
                    break;
                case 0x15: // jeq
                    at +=
                        accumulator == instruction.Operand
                            ? instruction.JumpTrue
                            : instruction.JumpFalse;
                    break;
                case 0x25: // jgt
                    at +=
                        accumulator > instruction.Operand
                            ? instruction.JumpTrue
                            : instruction.JumpFalse;
                    break;
                case 0x35: // jge
                    at +=
                        accumulator >= instruction.Operand
                            ? instruction.JumpTrue
                            : instruction.JumpFalse;
                    break;
                case 0x45: // jset
                    at +=
                        (accumulator & instruction.Operand) != 0
                            ? instruction.JumpTrue
                            : instruction.JumpFalse;
                    break;
                case 0x06: // ret
                    return instruction.Operand;
                default:
                    throw new InvalidOperationException(
                        $"the kernel would not take code 0x{instruction.Code:x}"
                    );
            }
        }
    }
}
