using System.Buffers.Binary;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// The floating point and vector registers of x86-64, between the memory image of XSAVE (Intel SDM volume 1, section 13.4) and the
/// order in which a debugger has them.
/// </summary>
internal static class X64FloatingPoint
{
    /// <summary>Bytes of the part that FXSAVE writes too.</summary>
    public const int LegacySize = 512;

    /// <summary>Bytes of the image, as KVM gives it.</summary>
    public const int Size = 4096;

    private const int Stack = 32;
    private const int Mxcsr = 24;
    private const int Xmm = 160;
    private const int Components = 512; // XSTATE_BV
    private const int Ymm = 576; // CPUID leaf 0xd, subleaf 2
    private const int HasX87 = 1;
    private const int HasSse = 2;
    private const int HasAvx = 4;

    /// <summary>Copies the registers out of an image.</summary>
    public static void Read(
        ReadOnlySpan<byte> image,
        RegisterSet set,
        bool hasAvx,
        Span<byte> values
    )
    {
        Span<byte> stack = values[set.OffsetOf("st0")..];
        for (int i = 0; i < 8; i++)
        {
            image.Slice(Stack + 16 * i, 10).CopyTo(stack[(10 * i)..]);
        }

        Span<byte> state = values[set.OffsetOf("fctrl")..];
        ulong instruction = BinaryPrimitives.ReadUInt64LittleEndian(image[8..]);
        ulong operand = BinaryPrimitives.ReadUInt64LittleEndian(image[16..]);
        Set(state, 0, BinaryPrimitives.ReadUInt16LittleEndian(image));
        Set(state, 1, BinaryPrimitives.ReadUInt16LittleEndian(image[2..]));
        Set(state, 2, FullTags(image[4]));
        Set(state, 3, (uint)(instruction >> 32) & 0xffff);
        Set(state, 4, (uint)instruction);
        Set(state, 5, (uint)(operand >> 32) & 0xffff);
        Set(state, 6, (uint)operand);
        Set(state, 7, BinaryPrimitives.ReadUInt16LittleEndian(image[6..]));
        image.Slice(Xmm, 16 * X64RegisterSet.Xmms).CopyTo(values[set.OffsetOf("xmm0")..]);
        image.Slice(Mxcsr, 4).CopyTo(values[set.OffsetOf("mxcsr")..]);
        if (hasAvx)
        {
            Span<byte> upper = values.Slice(set.OffsetOf("ymm0h"), 16 * X64RegisterSet.Xmms);
            bool isInitial = (image[Components] & HasAvx) == 0;
            if (isInitial)
            {
                upper.Clear();
            }
            else
            {
                image.Slice(Ymm, upper.Length).CopyTo(upper);
            }
        }
    }

    /// <summary>Copies the registers into an image.</summary>
    public static void Write(
        Span<byte> image,
        RegisterSet set,
        bool hasAvx,
        ReadOnlySpan<byte> values
    )
    {
        ReadOnlySpan<byte> stack = values[set.OffsetOf("st0")..];
        for (int i = 0; i < 8; i++)
        {
            stack.Slice(10 * i, 10).CopyTo(image[(Stack + 16 * i)..]);
        }

        ReadOnlySpan<byte> state = values[set.OffsetOf("fctrl")..];
        BinaryPrimitives.WriteUInt16LittleEndian(image, (ushort)Get(state, 0));
        BinaryPrimitives.WriteUInt16LittleEndian(image[2..], (ushort)Get(state, 1));
        image[4] = ShortTags(Get(state, 2));
        BinaryPrimitives.WriteUInt16LittleEndian(image[6..], (ushort)Get(state, 7));
        BinaryPrimitives.WriteUInt64LittleEndian(
            image[8..],
            (ulong)(Get(state, 3) & 0xffff) << 32 | Get(state, 4)
        );
        BinaryPrimitives.WriteUInt64LittleEndian(
            image[16..],
            (ulong)(Get(state, 5) & 0xffff) << 32 | Get(state, 6)
        );
        values.Slice(set.OffsetOf("xmm0"), 16 * X64RegisterSet.Xmms).CopyTo(image[Xmm..]);
        values.Slice(set.OffsetOf("mxcsr"), 4).CopyTo(image[Mxcsr..]);
        image[Components] |= HasX87 | HasSse;
        if (!hasAvx)
        {
            return;
        }

        // A guest from which AVX is kept takes no image that names it.
        ReadOnlySpan<byte> upper = values.Slice(set.OffsetOf("ymm0h"), 16 * X64RegisterSet.Xmms);
        if ((image[Components] & HasAvx) != 0 || upper.ContainsAnyExcept((byte)0))
        {
            upper.CopyTo(image[Ymm..]);
            image[Components] |= HasAvx;
        }
    }

    /// <summary>Two bits a register (0 in use, 3 empty) out of one bit each (1 in use).</summary>
    private static uint FullTags(byte tags)
    {
        uint full = 0;
        for (int i = 0; i < 8; i++)
        {
            full |= (tags >> i & 1) != 0 ? 0 : 3u << 2 * i;
        }

        return full;
    }

    private static byte ShortTags(uint tags)
    {
        int result = 0;
        for (int i = 0; i < 8; i++)
        {
            result |= (tags >> 2 * i & 3) != 3 ? 1 << i : 0;
        }

        return (byte)result;
    }

    private static uint Get(ReadOnlySpan<byte> state, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(state[(4 * index)..]);

    private static void Set(Span<byte> state, int index, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(state[(4 * index)..], value);
}
