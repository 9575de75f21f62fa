namespace Morgana.Elf;

/// <summary>
/// Lengths of x86-64 instructions in 64-bit mode: prefixes, opcode map, ModRM, displacement, immediate.
/// Source: Intel SDM volume 2, chapter 2 and appendix A. It says how long an instruction is, not whether its operands make sense.
/// </summary>
internal static class X64Decoder
{
    private const int Longest = 15;

    /// <summary>The length of the first instruction.</summary>
    /// <param name="code">The bytes from its start.</param>
    /// <param name="opcode">Where its opcode (with the escape byte 0f) begins, behind the prefixes.</param>
    /// <returns>Its length in bytes, or 0 when it is not an instruction or does not end within the bytes.</returns>
    public static int Length(ReadOnlySpan<byte> code, out int opcode)
    {
        int at = 0;
        bool operand16 = false;
        bool address32 = false;
        bool repeatNot = false;
        byte rex = 0;
        for (; at < code.Length && at < Longest; at++)
        {
            byte b = code[at];
            if (b == 0x66)
            {
                operand16 = true;
            }
            else if (b == 0x67)
            {
                address32 = true;
            }
            else if (b == 0xf2)
            {
                repeatNot = true;
            }
            else if (b is not (0xf0 or 0xf3 or 0x2e or 0x36 or 0x3e or 0x26 or 0x64 or 0x65))
            {
                break;
            }
        }

        // REX counts only directly before the opcode.
        if (at < code.Length && (code[at] & 0xf0) == 0x40)
        {
            rex = code[at++];
        }

        opcode = at;
        if (at >= code.Length)
        {
            return 0;
        }

        bool wide = (rex & 8) != 0;
        byte op = code[at++];
        int length = op switch
        {
            0x0f => Escaped(code, at, operand16 || repeatNot),
            0xc4 or 0xc5 => rex == 0 ? Vex(code, at, op) : 0,
            0x62 => rex == 0 ? Evex(code, at) : 0,
            _ => OneByte(code, at, op, operand16, address32, wide),
        };
        return length <= Longest && length <= code.Length ? length : 0;
    }

    private static int OneByte(
        ReadOnlySpan<byte> code,
        int at,
        byte op,
        bool operand16,
        bool address32,
        bool wide
    )
    {
        int word = operand16 && !wide ? 2 : 4;
        switch (op)
        {
            // The eight arithmetic operations: four forms with ModRM, two with an immediate, two that 64-bit mode has not.
            case < 0x40:
                return (op & 7) switch
                {
                    < 4 => WithModRm(code, at),
                    4 => at + 1,
                    5 => at + word,
                    _ => 0,
                };
            case < 0x50: // a second REX
                return 0;
            case < 0x60: // push, pop
                return at;
            case 0x63: // movsxd
                return WithModRm(code, at);
            case 0x68: // push
                return at + word;
            case 0x69: // imul
                return Add(WithModRm(code, at), word);
            case 0x6a:
                return at + 1;
            case 0x6b:
                return Add(WithModRm(code, at), 1);
            case >= 0x6c and <= 0x6f: // ins, outs
                return at;
            case >= 0x60 and < 0x70: // pusha, popa, bound ... are not in 64-bit mode
                return 0;
            case < 0x80: // jcc
                return at + 1;
            case 0x80 or 0x83:
                return Add(WithModRm(code, at), 1);
            case 0x81:
                return Add(WithModRm(code, at), word);
            case 0x82 or 0x9a:
                return 0;
            case 0x8f: // pop, or with a map of at least 8 in place of its reg field AMD's XOP
                return at < code.Length && (code[at] & 0x1f) >= 8 ? Xop(code, at) : WithModRm(code, at);
            case < 0x90:
                return WithModRm(code, at);
            case < 0xa0:
                return at;
            case <= 0xa3: // mov between the accumulator and an absolute address
                return at + (address32 ? 4 : 8);
            case 0xa8:
                return at + 1;
            case 0xa9:
                return at + word;
            case < 0xb0:
                return at;
            case < 0xb8:
                return at + 1;
            case < 0xc0:
                return at + (wide ? 8 : word);
            case 0xc0 or 0xc1 or 0xc6:
                return Add(WithModRm(code, at), 1);
            case 0xc7:
                return Add(WithModRm(code, at), word);
            case 0xc2 or 0xca: // ret
                return at + 2;
            case 0xc8: // enter
                return at + 3;
            case 0xc3 or 0xc9 or 0xcb or 0xcc or 0xcf:
                return at;
            case 0xcd: // int
                return at + 1;
            case >= 0xd0 and <= 0xd3:
                return WithModRm(code, at);
            case 0xd7:
                return at;
            case >= 0xd8 and <= 0xdf: // x87
                return WithModRm(code, at);
            case >= 0xe0 and <= 0xe7 or 0xeb:
                return at + 1;
            case 0xe8 or 0xe9: // call, jmp: always 32 bits on Intel
                return at + 4;
            case >= 0xec and <= 0xef:
                return at;
            case 0xf1 or 0xf4 or 0xf5 or (>= 0xf8 and <= 0xfd):
                return at;
            case 0xf6: // test has an immediate, its neighbours have none
                return at < code.Length && (code[at] & 0x38) <= 8
                    ? Add(WithModRm(code, at), 1)
                    : WithModRm(code, at);
            case 0xf7:
                return at < code.Length && (code[at] & 0x38) <= 8
                    ? Add(WithModRm(code, at), word)
                    : WithModRm(code, at);
            case 0xfe or 0xff:
                return WithModRm(code, at);
            default:
                return 0;
        }
    }

    private static int Escaped(ReadOnlySpan<byte> code, int at, bool prefixed)
    {
        if (at >= code.Length)
        {
            return 0;
        }

        byte op = code[at++];
        switch (op)
        {
            case 0x38:
                return at < code.Length ? WithModRm(code, at + 1) : 0;
            case 0x3a:
                return at < code.Length ? Add(WithModRm(code, at + 1), 1) : 0;
            case 0x05 or 0x06 or 0x07 or 0x08 or 0x09 or 0x0b or 0x0e:
            case >= 0x30 and <= 0x37 and not 0x36:
            case 0x77 or 0xa0 or 0xa1 or 0xa2 or 0xa8 or 0xa9 or 0xaa:
            case >= 0xc8 and <= 0xcf:
                return at;
            case 0x04
            or 0x0a
            or 0x0c
            or (>= 0x24 and <= 0x27)
            or 0x36
            or 0x39
            or (>= 0x3b and <= 0x3f):
                return 0;
            case >= 0x20 and <= 0x23: // mov of control and debug registers: always registers
                return at + 1;
            case 0x0f: // 3DNow!
                return Add(WithModRm(code, at), 1);
            case >= 0x70 and <= 0x73:
            case 0xa4 or 0xac or 0xba or 0xc2 or 0xc4 or 0xc5 or 0xc6:
                return Add(WithModRm(code, at), 1);
            case 0x78: // AMD's extrq and insertq have two immediates
                return prefixed ? Add(WithModRm(code, at), 2) : WithModRm(code, at);
            case >= 0x80 and <= 0x8f: // jcc
                return at + 4;
            default:
                return WithModRm(code, at);
        }
    }

    private static int Vex(ReadOnlySpan<byte> code, int at, byte op)
    {
        int map = 1;
        if (op == 0xc4)
        {
            if (at >= code.Length)
            {
                return 0;
            }

            map = code[at++] & 0x1f;
        }

        at++;
        if (at >= code.Length || map is < 1 or > 3)
        {
            return 0;
        }

        byte vectorOp = code[at++];
        return map == 1 && vectorOp == 0x77
            ? at
            : Add(WithModRm(code, at), VectorImmediate(map, vectorOp));
    }

    private static int Evex(ReadOnlySpan<byte> code, int at)
    {
        if (at + 3 >= code.Length)
        {
            return 0;
        }

        int map = code[at] & 7;
        return map is 0 or 4 or 7
            ? 0
            : Add(WithModRm(code, at + 4), VectorImmediate(map, code[at + 3]));
    }

    private static int Xop(ReadOnlySpan<byte> code, int at) =>
        (code[at] & 0x1f) switch
        {
            8 => Add(WithModRm(code, at + 3), 1),
            9 => WithModRm(code, at + 3),
            10 => Add(WithModRm(code, at + 3), 4),
            _ => 0,
        };

    private static int VectorImmediate(int map, byte op) =>
        map switch
        {
            1 when op is >= 0x70 and <= 0x73 or 0xc2 or 0xc4 or 0xc5 or 0xc6 => 1,
            3 => 1,
            _ => 0,
        };

    private static int WithModRm(ReadOnlySpan<byte> code, int at)
    {
        if (at >= code.Length)
        {
            return 0;
        }

        byte modRm = code[at++];
        int mode = modRm >> 6;
        int register = modRm & 7;
        if (mode == 3)
        {
            return at;
        }

        if (register == 4)
        {
            if (at >= code.Length)
            {
                return 0;
            }

            register = code[at++] & 7;
            if (mode == 0 && register == 5)
            {
                return at + 4;
            }
        }
        else if (mode == 0 && register == 5) // relative to the instruction pointer
        {
            return at + 4;
        }

        return mode switch
        {
            1 => at + 1,
            2 => at + 4,
            _ => at,
        };
    }

    private static int Add(int length, int immediate) => length == 0 ? 0 : length + immediate;
}
