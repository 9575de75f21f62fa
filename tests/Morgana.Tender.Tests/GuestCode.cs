using System.Buffers.Binary;

namespace Morgana.Tender.Tests;

/// <summary>A few x86-64 instructions, enough for guests that make system calls.</summary>
internal sealed class GuestCode
{
    public const ulong Base = 0x100000;
    public const ulong Data = 0x200000;

    private readonly List<byte> _code = [];

    public byte[] Bytes => [.. _code];

    /// <summary>The address of the next instruction.</summary>
    public ulong Here => Base + (ulong)_code.Count;

    public GuestCode Raw(params byte[] bytes)
    {
        _code.AddRange(bytes);
        return this;
    }

    /// <summary>Pads with breakpoints up to an address.</summary>
    public GuestCode At(ulong address)
    {
        while (Here < address)
        {
            _code.Add(0xcc);
        }

        return this;
    }

    /// <summary>syscall number with immediate arguments: rdi, rsi, rdx, r10, r8, r9.</summary>
    public GuestCode Call(uint number, params ulong[] arguments)
    {
        byte[][] loads =
        [
            [0x48, 0xbf],
            [0x48, 0xbe],
            [0x48, 0xba],
            [0x49, 0xba],
            [0x49, 0xb8],
            [0x49, 0xb9],
        ];
        for (int i = 0; i < 6; i++)
        {
            _code.AddRange(loads[i]);
            Immediate(i < arguments.Length ? arguments[i] : 0);
        }

        _code.Add(0xb8);
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        _code.AddRange(bytes);
        return Raw(0x0f, 0x05);
    }

    /// <summary>A hypercall of hvt: a 32-bit write to a port.</summary>
    public GuestCode Hypercall(int number, ulong argument)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)argument);
        _code.Add(0xb8);
        _code.AddRange(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0x500 + (uint)number);
        _code.Add(0xba);
        _code.AddRange(bytes);
        return Raw(0xef);
    }

    public GuestCode Write(ulong address, int length) => Call(1, 1, address, (ulong)length);

    public GuestCode Exit(byte status) => Call(231, status);

    /// <summary>exit_group with rax, truncated, negated: shows an error number.</summary>
    public GuestCode ExitWithNegatedRax() =>
        Raw(0x48, 0xf7, 0xd8, 0x48, 0x89, 0xc7, 0xb8, 231, 0, 0, 0, 0x0f, 0x05);

    /// <summary>Reads a byte at an address.</summary>
    public GuestCode Load(ulong address)
    {
        Raw(0x48, 0xb8);
        Immediate(address);
        return Raw(0x8a, 0x00);
    }

    /// <summary>Writes a zero byte at an address.</summary>
    public GuestCode Store(ulong address)
    {
        Raw(0x48, 0xb8);
        Immediate(address);
        return Raw(0xc6, 0x00, 0x00);
    }

    private void Immediate(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }
}
