using System.Runtime.InteropServices;

namespace Morgana.Tender.Hvt;

/// <summary>A segment register with its hidden part (<c>struct kvm_segment</c>, 24 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct X64Segment
{
    public ulong Base;
    public uint Limit;
    public ushort Selector;
    public byte Type;
    public byte Present;
    public byte Privilege;
    public byte Is32Bit;
    public byte IsCodeOrData;
    public byte IsLong;
    public byte InPages;
    public byte Available;
    public byte IsUnusable;
    public byte Padding;

    /// <summary>Code: executable, accessed, 64 bits.</summary>
    public static X64Segment Code { get; } =
        new()
        {
            Limit = uint.MaxValue,
            Selector = 8,
            Type = 9,
            Present = 1,
            IsCodeOrData = 1,
            IsLong = 1,
            InPages = 1,
        };

    /// <summary>Data: writable, accessed.</summary>
    public static X64Segment Data { get; } =
        new()
        {
            Limit = uint.MaxValue,
            Selector = 16,
            Type = 3,
            Present = 1,
            Is32Bit = 1,
            IsCodeOrData = 1,
            InPages = 1,
        };

    /// <summary>A task state segment that nothing uses; virtualisation hardware insists on one.</summary>
    public static X64Segment Task { get; } = new() { Type = 11, Present = 1 };

    /// <summary>None.</summary>
    public static X64Segment Unusable { get; } = new() { IsUnusable = 1 };

    /// <summary>The segment as a descriptor table holds it (Intel SDM volume 3A, figure 3-8).</summary>
    public readonly ulong Descriptor
    {
        get
        {
            ulong limit = InPages != 0 ? Limit >> 12 : Limit;
            return limit & 0xffff
                | (Base & 0xffffff) << 16
                | (ulong)Type << 40
                | (ulong)IsCodeOrData << 44
                | (ulong)Privilege << 45
                | (ulong)Present << 47
                | (limit >> 16 & 0xf) << 48
                | (ulong)Available << 52
                | (ulong)IsLong << 53
                | (ulong)Is32Bit << 54
                | (ulong)InPages << 55
                | (Base >> 24 & 0xff) << 56;
        }
    }
}
