using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Morgana.Elf;
using Morgana.Tender.Devices;
using Morgana.Tender.Loading;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Spt;

/// <summary>All that the stub is to do for one guest, and its bytes.</summary>
internal sealed class LaunchPlan
{
    /// <summary>The checked image.</summary>
    public required GuestImage Image { get; init; }

    /// <summary>The image file's descriptor.</summary>
    public required int ImageDescriptor { get; init; }

    /// <summary>The end of guest memory.</summary>
    public required ulong MemorySize { get; init; }

    /// <summary>The guest's command line in UTF-8, without its terminator; at most 8191 bytes.</summary>
    public required byte[] CommandLine { get; init; }

    /// <summary>The attached devices, all of the manifest.</summary>
    public required IReadOnlyList<AttachedDevice> Devices { get; init; }

    /// <summary>The epoll set.</summary>
    public required int EpollDescriptor { get; init; }

    /// <summary>The timer in it.</summary>
    public required int TimerDescriptor { get; init; }

    /// <summary>What the guest is granted beyond Solo5.</summary>
    public uint Granted =>
        Image.Note switch
        {
            null or { Grant: 0 } => 0,
            { FaultEntry: 0 } => MorganaNote.GrantedGuards | MorganaNote.GrantedSeed,
            _ => MorganaNote.GrantedFaults | MorganaNote.GrantedGuards | MorganaNote.GrantedSeed,
        };

    /// <summary>The system calls that the guest may make.</summary>
    public List<SeccompRule> Rules() =>
        SptFilter.Rules(EpollDescriptor, TimerDescriptor, Devices, Granted, Image.End, MemorySize);

    /// <summary>Writes the plan as <c>native/tender/plan.h</c> declares it.</summary>
    public byte[] Write()
    {
        BpfInstruction[] filter = SeccompFilter.Assemble(Rules(), Image.File.Machine);
        byte[] boot = BootInformation();
        int[] keep = KeptDescriptors();
        int segmentCount = Image.Segments.Count;

        int segmentsAt = Unsafe.SizeOf<PlanHeader>();
        int copiesAt = segmentsAt + segmentCount * Unsafe.SizeOf<PlanSegment>();
        int filterAt = copiesAt + Unsafe.SizeOf<PlanCopy>();
        int keepAt = filterAt + filter.Length * BpfInstruction.Size;
        int bootAt = keepAt + keep.Length * sizeof(int);
        byte[] plan = new byte[bootAt + boot.Length];

        MorganaNote note = Image.Note ?? default;
        bool faults = (Granted & MorganaNote.GrantedFaults) != 0;
        var header = new PlanHeader
        {
            Magic = PlanHeader.MagicNumber,
            Version = PlanHeader.CurrentVersion,
            Size = (uint)plan.Length,
            MemoryStart = SptAbi.MemoryStart,
            MemoryEnd = MemorySize,
            Entry = Image.File.Entry,
            Stack = MemorySize - (Image.File.Machine == ElfMachine.Arm64 ? 16UL : 8UL),
            Argument = SptAbi.BootInfoAddress,
            ImageDescriptor = ImageDescriptor,
            SegmentsOffset = (uint)segmentsAt,
            SegmentsCount = (uint)segmentCount,
            CopiesOffset = (uint)copiesAt,
            CopiesCount = 1,
            KeepOffset = (uint)keepAt,
            KeepCount = (uint)keep.Length,
            FilterOffset = (uint)filterAt,
            FilterCount = (uint)filter.Length,
            Grant = note.Grant,
            Granted = Granted,
            FaultEntry = faults ? note.FaultEntry : 0,
            FaultReturn = faults ? note.FaultReturn : 0,
            FaultStack = faults ? note.FaultStack : 0,
            FaultStackSize = faults ? note.FaultStackSize : 0,
        };
        WriteName(header.Name);
        MemoryMarshal.Write(plan, in header);

        for (int i = 0; i < segmentCount; i++)
        {
            PlanSegment segment = ToPlan(Image.Segments[i]);
            MemoryMarshal.Write(
                plan.AsSpan(segmentsAt + i * Unsafe.SizeOf<PlanSegment>()),
                in segment
            );
        }

        var copy = new PlanCopy
        {
            Address = SptAbi.BootInfoAddress,
            Offset = (uint)bootAt,
            Size = (uint)boot.Length,
        };
        MemoryMarshal.Write(plan.AsSpan(copiesAt), in copy);
        MemoryMarshal.AsBytes(filter.AsSpan()).CopyTo(plan.AsSpan(filterAt));
        MemoryMarshal.AsBytes(keep.AsSpan()).CopyTo(plan.AsSpan(keepAt));
        boot.CopyTo(plan.AsSpan(bootAt));
        return plan;
    }

    private static PlanSegment ToPlan(GuestSegment segment)
    {
        uint protection = 0;
        protection |= (segment.Flags & ElfSegmentFlags.Read) != 0 ? PlanSegment.ProtectionRead : 0;
        protection |=
            (segment.Flags & ElfSegmentFlags.Write) != 0 ? PlanSegment.ProtectionWrite : 0;
        protection |=
            (segment.Flags & ElfSegmentFlags.Execute) != 0 ? PlanSegment.ProtectionExecute : 0;
        return new PlanSegment
        {
            Address = segment.Address,
            FileOffset = segment.FileOffset,
            FileSize = segment.FileSize,
            Pages = segment.Start,
            PagesSize = segment.End - segment.Start,
            Protection = protection,
        };
    }

    private byte[] BootInformation()
    {
        byte[] manifest = Image.ManifestBytes;
        foreach (AttachedDevice device in Devices)
        {
            device.WriteTo(manifest);
        }

        byte[] boot = new byte[SptAbi.BootInfoSize + manifest.Length + CommandLine.Length + 1];
        const ulong ManifestAddress = SptAbi.BootInfoAddress + SptAbi.BootInfoSize;
        BinaryPrimitives.WriteUInt64LittleEndian(boot, MemorySize);
        BinaryPrimitives.WriteUInt64LittleEndian(boot.AsSpan(8), Image.End);
        BinaryPrimitives.WriteUInt64LittleEndian(
            boot.AsSpan(16),
            ManifestAddress + (ulong)manifest.Length
        );
        BinaryPrimitives.WriteUInt64LittleEndian(boot.AsSpan(24), ManifestAddress);
        BinaryPrimitives.WriteInt32LittleEndian(boot.AsSpan(32), EpollDescriptor);
        BinaryPrimitives.WriteInt32LittleEndian(boot.AsSpan(36), TimerDescriptor);
        manifest.CopyTo(boot.AsSpan(SptAbi.BootInfoSize));
        CommandLine.CopyTo(boot.AsSpan(SptAbi.BootInfoSize + manifest.Length));
        return boot;
    }

    private int[] KeptDescriptors()
    {
        int[] keep = new int[Devices.Count + 3];
        keep[0] = 1;
        keep[1] = EpollDescriptor;
        keep[2] = TimerDescriptor;
        for (int i = 0; i < Devices.Count; i++)
        {
            keep[i + 3] = Devices[i].Descriptor;
        }

        Array.Sort(keep);
        return keep;
    }

    // What ps and top show: the image's name, as if it were the program.
    private void WriteName(Span<byte> name)
    {
        string path = Image.File.Source.Name;
        string file = path[(path.LastIndexOf('/') + 1)..];
        byte[] bytes = Encoding.UTF8.GetBytes(file);
        bytes.AsSpan(0, Math.Min(bytes.Length, PlanHeader.ProcessName.Length - 1)).CopyTo(name);
    }
}
