using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Morgana.Elf;
using Morgana.Tender.CommandLine;
using Morgana.Tender.Devices;
using Morgana.Tender.Loading;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests;

public sealed class LaunchPlanTests
{
    private static int Offset(string field) => (int)Marshal.OffsetOf<PlanHeader>(field);

    /// <summary>The numbers of the _Static_asserts in native/tender/plan.h.</summary>
    [Fact]
    public void The_structs_are_those_of_the_stub()
    {
        Assert.Equal(160, Unsafe.SizeOf<PlanHeader>());
        Assert.Equal(16, Offset(nameof(PlanHeader.MemoryStart)));
        Assert.Equal(32, Offset(nameof(PlanHeader.Entry)));
        Assert.Equal(56, Offset(nameof(PlanHeader.ImageDescriptor)));
        Assert.Equal(64, Offset(nameof(PlanHeader.SegmentsOffset)));
        Assert.Equal(92, Offset(nameof(PlanHeader.FilterCount)));
        Assert.Equal(96, Offset(nameof(PlanHeader.Grant)));
        Assert.Equal(104, Offset(nameof(PlanHeader.Granted)));
        Assert.Equal(112, Offset(nameof(PlanHeader.FaultEntry)));
        Assert.Equal(136, Offset(nameof(PlanHeader.FaultStackSize)));
        Assert.Equal(144, Offset(nameof(PlanHeader.Name)));
        Assert.Equal(48, Unsafe.SizeOf<PlanSegment>());
        Assert.Equal(40, (int)Marshal.OffsetOf<PlanSegment>(nameof(PlanSegment.Protection)));
        Assert.Equal(16, Unsafe.SizeOf<PlanCopy>());
        Assert.Equal(8, Unsafe.SizeOf<Seccomp.BpfInstruction>());
    }

    private static LaunchPlan Plan(ElfImageWriter writer, params AttachedDevice[] devices) =>
        new()
        {
            Image = TestImage.Place(writer),
            ImageDescriptor = 3,
            MemorySize = 16 << 20,
            CommandLine = GuestArguments.Join(["--a=1", "b"]),
            Devices = devices,
            EpollDescriptor = 9,
            TimerDescriptor = 4,
        };

    [Fact]
    public void The_boot_information_is_as_the_guest_reads_it()
    {
        byte[] plan = Plan(
                TestImage
                    .Guest(new GuestCode().Exit(0))
                    .With(
                        new("net", DeviceType.NetBasic),
                        new ManifestDevice("disk", DeviceType.BlockBasic)
                    ),
                new AttachedDevice
                {
                    Name = "net",
                    Handle = 1,
                    Descriptor = 20,
                    HardwareAddress = [2, 1, 2, 3, 4, 5],
                    Mtu = 1400,
                },
                new AttachedDevice
                {
                    Name = "disk",
                    Handle = 2,
                    Descriptor = 7,
                    Block = new BlockGeometry(1024, 512),
                }
            )
            .Write();
        PlanHeader header = MemoryMarshal.Read<PlanHeader>(plan);
        Assert.Equal(
            (PlanHeader.MagicNumber, 1U, (uint)plan.Length),
            (header.Magic, header.Version, header.Size)
        );
        Assert.Equal(
            (0x10000UL, 0x1000000UL, 0xfffff8UL, 0x11000UL),
            (header.MemoryStart, header.MemoryEnd, header.Stack, header.Argument)
        );
        PlanCopy copy = MemoryMarshal.Read<PlanCopy>(plan.AsSpan((int)header.CopiesOffset));
        Assert.Equal(0x11000UL, copy.Address);
        ReadOnlySpan<byte> boot = plan.AsSpan((int)copy.Offset, (int)copy.Size);
        Assert.Equal(16UL << 20, BinaryPrimitives.ReadUInt64LittleEndian(boot));
        Assert.Equal(0x210000UL, BinaryPrimitives.ReadUInt64LittleEndian(boot[8..]));
        int commandLine = (int)(BinaryPrimitives.ReadUInt64LittleEndian(boot[16..]) - 0x11000);
        int manifest = (int)(BinaryPrimitives.ReadUInt64LittleEndian(boot[24..]) - 0x11000);
        Assert.Equal("--a=1 b\0"u8.ToArray(), boot[commandLine..].ToArray());
        Assert.Equal(
            (9, 4),
            (
                BinaryPrimitives.ReadInt32LittleEndian(boot[32..]),
                BinaryPrimitives.ReadInt32LittleEndian(boot[36..])
            )
        );
        ReadOnlySpan<byte> net = boot[(manifest + 8 + 104)..];
        Assert.Equal([2, 1, 2, 3, 4, 5], net.Slice(72, 6).ToArray());
        Assert.Equal(1400, BinaryPrimitives.ReadUInt16LittleEndian(net[78..]));
        Assert.Equal((20, 1), (BinaryPrimitives.ReadInt32LittleEndian(net[88..]), net[96]));
        ReadOnlySpan<byte> disk = boot[(manifest + 8 + 208)..];
        Assert.Equal(1024UL, BinaryPrimitives.ReadUInt64LittleEndian(disk[72..]));
        Assert.Equal(512, BinaryPrimitives.ReadUInt16LittleEndian(disk[80..]));
        Assert.Equal((7, 1), (BinaryPrimitives.ReadInt32LittleEndian(disk[88..]), disk[96]));
        Assert.Equal(
            [1, 4, 7, 9, 20],
            MemoryMarshal
                .Cast<byte, int>(plan.AsSpan((int)header.KeepOffset, 4 * (int)header.KeepCount))
                .ToArray()
        );
    }

    [Fact]
    public void What_is_granted_follows_the_note()
    {
        GuestCode code = new GuestCode().Exit(0);
        Assert.Equal(0U, Plan(TestImage.Guest(code).With()).Granted);
        Assert.Equal(0U, Plan(TestImage.Guest(code).With().With(default(MorganaNote))).Granted);
        Assert.Equal(
            6U,
            Plan(TestImage.Guest(code).With().With(new MorganaNote(0x200000, 0, 0, 0, 0))).Granted
        );
        var note = new MorganaNote(0x200000, 0x100000, 0x100000, 0x201000, 4096);
        Assert.Equal(7U, Plan(TestImage.Guest(code).With().With(note)).Granted);
    }

    [Fact]
    public void A_command_line_ends_at_8191_bytes()
    {
        Assert.Equal(8191, GuestArguments.Join([new string('a', 8189), "b"]).Length);
        Assert.Contains(
            "Guest command line too long (8192 bytes, max=8191 characters)",
            Assert
                .Throws<TenderException>(() => GuestArguments.Join([new string('a', 8190), "b"]))
                .Message
        );
    }
}
