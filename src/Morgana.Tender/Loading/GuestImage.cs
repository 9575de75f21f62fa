using System.Runtime.Intrinsics.X86;
using Morgana.Elf;

namespace Morgana.Tender.Loading;

/// <summary>
/// An image that passed the loader's checks: nothing in it can reach outside of guest memory, no memory is both writable and
/// executable, and everything that the stub will be told about it is true.
/// </summary>
internal sealed class GuestImage
{
    private GuestImage(
        GuestFormat format,
        ElfFile file,
        Manifest manifest,
        byte[] manifestBytes,
        MorganaNote? note
    )
    {
        Format = format;
        File = file;
        Manifest = manifest;
        ManifestBytes = manifestBytes;
        Note = note;
    }

    /// <summary>What the tender asks of it.</summary>
    public GuestFormat Format { get; }

    /// <summary>The file.</summary>
    public ElfFile File { get; }

    /// <summary>The devices that it declares.</summary>
    public Manifest Manifest { get; }

    /// <summary>The manifest as the guest will find it, to be filled in.</summary>
    public byte[] ManifestBytes { get; }

    /// <summary>What it asks for beyond Solo5, or null.</summary>
    public MorganaNote? Note { get; }

    /// <summary>Its segments, ascending.</summary>
    public IReadOnlyList<GuestSegment> Segments { get; private set; } = [];

    /// <summary>The first address above it, page aligned.</summary>
    public ulong End { get; private set; }

    /// <summary>The architecture that this process runs on.</summary>
    public static ElfMachine HostMachine => X86Base.IsSupported ? ElfMachine.X64 : ElfMachine.Arm64;

    /// <summary>The architecture that it does not run on, but an emulator might.</summary>
    public static ElfMachine OtherMachine =>
        HostMachine == ElfMachine.X64 ? ElfMachine.Arm64 : ElfMachine.X64;

    /// <summary>Reads the notes of an image: first of all, whether it is for this tender.</summary>
    /// <param name="source">The file.</param>
    /// <param name="format">What the tender asks of it.</param>
    /// <param name="machine">The architecture of the host.</param>
    /// <param name="emulated">An architecture whose images an emulator runs; null without one.</param>
    /// <exception cref="ElfException">It is not an ELF file, or malformed.</exception>
    /// <exception cref="TenderException">It is not an image for this tender.</exception>
    public static GuestImage Read(
        ElfSource source,
        GuestFormat format,
        ElfMachine machine,
        ElfMachine? emulated = null
    )
    {
        var file = ElfFile.Read(source);
        string name = source.Name;
        if (file.Type != ElfFileType.Executable || file.Segments.Length == 0)
        {
            throw new TenderException(
                $"{name}: not an executable image (ELF type {(int)file.Type}, {file.Segments.Length} program headers): give a linked unikernel"
            );
        }

        if (file.Machine != machine && file.Machine != emulated)
        {
            throw new TenderException(
                $"{name}: the image is for {NameOf(file.Machine)}, but this host is {NameOf(machine)}: build it for this architecture"
            );
        }

        if (AbiNote.Find(file) is not AbiNote abi)
        {
            throw new TenderException(
                $"{name}: No Solo5 ABI information found in executable: it is not a unikernel image"
            );
        }

        if (abi.Target != format.Target)
        {
            throw new TenderException(
                $"{name}: Executable is not for the solo5-{format.Name} target, but for {abi.TargetName} ({(uint)abi.Target}): build it with the target {format.Name}"
            );
        }

        if (abi.Version != format.Version)
        {
            throw new TenderException(
                $"{name}: Executable requests unsupported ABI version {abi.Version}; this tender has version {format.Version}: build it with matching tools"
            );
        }

        if (ManifestNote.Find(file, out byte[] bytes) is not Manifest manifest)
        {
            throw new TenderException(
                $"{name}: No Solo5 manifest found in executable: link the note that 'gen-manifest' writes into it"
            );
        }

        return new GuestImage(format, file, manifest, bytes, MorganaNote.Find(file));
    }

    /// <summary>Checks that the image fits into guest memory, and every address that it gives.</summary>
    /// <param name="memorySize">The end of guest memory.</param>
    /// <exception cref="TenderException">It does not.</exception>
    public void Place(ulong memorySize)
    {
        var segments = new List<GuestSegment>(File.Segments.Length);
        ulong end = 0;
        foreach (ref readonly ElfSegment segment in File.Segments)
        {
            // A segment without memory is what linker scripts leave of an empty section.
            if (segment.Type == ElfSegmentType.Load && segment.MemorySize != 0)
            {
                GuestSegment placed = Place(segment, end, memorySize);
                segments.Add(placed);
                end = placed.End;
            }
        }

        if (segments.Count == 0)
        {
            throw Invalid("it has nothing to load");
        }

        Segments = segments;
        End = end;
        if (memorySize - end < Format.LeastFreeMemory)
        {
            throw NotEnough(memorySize, end + Format.LeastFreeMemory);
        }

        if (!IsExecutable(File.Entry))
        {
            throw Invalid($"the entry point 0x{File.Entry:x} is not in an executable segment");
        }

        CheckNote();
    }

    private GuestSegment Place(in ElfSegment segment, ulong previousEnd, ulong memorySize)
    {
        const ElfSegmentFlags WriteExecute = ElfSegmentFlags.Write | ElfSegmentFlags.Execute;
        string where = $"program header {segment.Index}";
        ulong alignment = segment.Alignment;
        if (alignment == 0 || (alignment & (alignment - 1)) != 0)
        {
            throw Invalid($"{where}: its alignment {alignment} is not a power of two");
        }

        ulong start = segment.Address & ~(alignment - 1);
        if (segment.Address < Format.LowestImageAddress || start < Format.LowestImageAddress)
        {
            throw Invalid(
                $"{where}: its address 0x{segment.Address:x} (0x{start:x} when aligned) is outside of valid memory range, below 0x{Format.LowestImageAddress:x}"
            );
        }

        if (segment.FileSize > segment.MemorySize)
        {
            throw Invalid(
                $"{where}: it has more bytes in the file ({segment.FileSize}) than in memory ({segment.MemorySize})"
            );
        }

        ulong length = (ulong)File.Source.Length;
        if (
            segment.FileSize != 0
            && (segment.Offset > length || segment.FileSize > length - segment.Offset)
        )
        {
            throw Invalid(
                $"{where}: its {segment.FileSize} bytes at offset 0x{segment.Offset:x} lie outside of the file, which has {length} bytes: the file is cut short"
            );
        }

        ulong end = unchecked(segment.Address + segment.MemorySize);
        ulong alignedEnd = unchecked(end + (alignment - 1)) & ~(alignment - 1);
        if (end < segment.Address || alignedEnd < end || alignedEnd > Format.LargestMemory)
        {
            throw Invalid(
                $"{where}: {segment.MemorySize} bytes of memory at 0x{segment.Address:x} are outside of valid memory range, beyond 0x{Format.LargestMemory:x}"
            );
        }

        if (start < previousEnd)
        {
            throw Invalid(
                $"{where}: it overlaps the segment before it, or is not in ascending order: it begins at 0x{start:x}, before 0x{previousEnd:x}"
            );
        }

        if ((start | alignedEnd) % Format.PageSize != 0)
        {
            throw Invalid(
                $"{where}: 0x{start:x} to 0x{alignedEnd:x} is not aligned to pages of {Format.PageSize} bytes: protections would spill over"
            );
        }

        if ((segment.Flags & WriteExecute) == WriteExecute)
        {
            throw Invalid(
                $"{where}: it requests WRITE and EXEC permissions: memory is one or the other; separate code and data in the linker script"
            );
        }

        if (alignedEnd > memorySize)
        {
            throw NotEnough(memorySize, alignedEnd + Format.LeastFreeMemory);
        }

        return new GuestSegment(
            segment.Address,
            segment.Offset,
            segment.FileSize,
            start,
            alignedEnd,
            segment.Flags & (WriteExecute | ElfSegmentFlags.Read)
        );
    }

    private void CheckNote()
    {
        if (Note is not MorganaNote note)
        {
            return;
        }

        if (
            note.Grant != 0
            && (note.Grant % 8 != 0 || !IsWritable(note.Grant, MorganaNote.GrantSize))
        )
        {
            throw MorganaNote.Invalid(
                File,
                $"the grant at 0x{note.Grant:x} is not {MorganaNote.GrantSize} bytes, aligned to 8, in a writable segment"
            );
        }

        if (note.FaultEntry == 0)
        {
            return;
        }

        if (!IsExecutable(note.FaultEntry))
        {
            throw MorganaNote.Invalid(
                File,
                $"fault_entry 0x{note.FaultEntry:x} is not in an executable segment"
            );
        }

        if (!IsExecutable(note.FaultReturn))
        {
            throw MorganaNote.Invalid(
                File,
                $"fault_return 0x{note.FaultReturn:x} is not in an executable segment"
            );
        }

        // The kernel's MINSIGSTKSZ.
        ulong least = File.Machine == ElfMachine.Arm64 ? 5120UL : 2048UL;
        if (note.FaultStackSize < least)
        {
            throw MorganaNote.Invalid(
                File,
                $"the fault stack has {note.FaultStackSize} bytes, but at least {least} are needed"
            );
        }

        if (!IsWritable(note.FaultStack, note.FaultStackSize))
        {
            throw MorganaNote.Invalid(
                File,
                $"the fault stack, {note.FaultStackSize} bytes at 0x{note.FaultStack:x}, is not in a writable segment"
            );
        }
    }

    private bool IsExecutable(ulong address)
    {
        foreach (GuestSegment segment in Segments)
        {
            if (segment.Contains(address, 1))
            {
                return (segment.Flags & ElfSegmentFlags.Execute) != 0;
            }
        }

        return false;
    }

    private bool IsWritable(ulong address, ulong size)
    {
        foreach (GuestSegment segment in Segments)
        {
            if (segment.Contains(address, size))
            {
                return (segment.Flags & ElfSegmentFlags.Write) != 0;
            }
        }

        return false;
    }

    private TenderException Invalid(string why) =>
        new($"{File.Source.Name}: invalid executable: {why}");

    private TenderException NotEnough(ulong memorySize, ulong needed) =>
        new(
            $"{File.Source.Name}: not enough memory: the image needs at least {(needed + (1 << 20) - 1) >> 20} MB and has {memorySize >> 20} MB; give more with --mem"
        );

    private static string NameOf(ElfMachine machine) =>
        machine switch
        {
            ElfMachine.X64 => "x86-64",
            ElfMachine.Arm64 => "AArch64",
            _ => $"ELF machine {(int)machine}",
        };
}
