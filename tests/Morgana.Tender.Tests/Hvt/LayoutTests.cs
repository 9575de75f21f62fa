using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Morgana.Tender.Hvt;

namespace Morgana.Tender.Tests.Hvt;

/// <summary>The sizes and offsets of linux/kvm.h, which are part of the request numbers too.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void The_kernels_structures_have_the_kernels_sizes()
    {
        Assert.Equal(24, Unsafe.SizeOf<X64Segment>());
        Assert.Equal(16, Unsafe.SizeOf<X64DescriptorTable>());
        Assert.Equal(
            (int)(KvmRequest.SetSystemRegisters >> 16 & 0x3fff),
            Unsafe.SizeOf<X64SystemRegisters>()
        );
        Assert.Equal((int)(KvmRequest.SetRegisters >> 16 & 0x3fff), Unsafe.SizeOf<X64Registers>());
        Assert.Equal(
            224,
            Marshal.OffsetOf<X64SystemRegisters>(nameof(X64SystemRegisters.Cr0)).ToInt32()
        );
        Assert.Equal(128, Marshal.OffsetOf<X64Registers>(nameof(X64Registers.Rip)).ToInt32());
    }

    [Fact]
    public void Descriptors_are_those_of_the_processors_manual()
    {
        Assert.Equal(0x00af99000000ffffUL, X64Segment.Code.Descriptor);
        Assert.Equal(0x00cf93000000ffffUL, X64Segment.Data.Descriptor);
    }

    [Fact]
    public void The_features_structures_have_the_kernels_sizes()
    {
        Assert.Equal(40, Unsafe.SizeOf<CpuidEntry>());
        Assert.Equal((int)(KvmRequest.SetMsrFilter >> 16 & 0x3fff), MsrFilter.Size);
    }
}
