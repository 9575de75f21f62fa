using System.Runtime.InteropServices;
using Morgana.Elf;
using Morgana.Tender.Devices;
using Morgana.Tender.Hvt;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests.Hostile;

/// <summary>100,000 wrong images through both tenders' loaders, in this process.</summary>
public sealed unsafe class MutatedImageTests
{
    private const int Images = 100_000;
    private const ulong Memory = 4 << 20;
    private const int Canary = 1 << 20;
    private const byte CanaryByte = 0xa5;

    // What a loader may allocate for one small image: its notes, the manifest, a plan. A size that the image states must not do it.
    private const long MostAllocated = 4 << 20;

    [Fact]
    public void None_crashes_a_loader_or_makes_it_allocate_what_the_image_says()
    {
        int accepted = 0;
        int refused = 0;
        using LoadedGuest guest = new();
        for (int number = 0; number < Images; number++)
        {
            byte[] bytes = ImageMutator.Make(number);
            foreach (GuestFormat format in (GuestFormat[])[SptAbi.Format, HvtAbi.Format])
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    var image = GuestImage.Read(
                        new MemoryElfSource("hostile", bytes),
                        format,
                        ElfMachine.X64,
                        ElfMachine.Arm64
                    );
                    image.Place(Memory);
                    Check(image, bytes, number);
                    if (format.Target == AbiTarget.Spt)
                    {
                        CheckPlan(image, number);
                    }
                    else
                    {
                        guest.Load(image, bytes, number);
                    }

                    accepted++;
                }
                catch (Exception exception) when (exception is ElfException or TenderException)
                {
                    refused++;
                    if (!(exception.Message.Contains("hostile", StringComparison.Ordinal)))
                    {
                        Assert.Fail(
                            $"image {number}: the message does not name the file: {exception.Message}"
                        );
                    }
                }
                catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"image {number}, {format.Name}: {exception}");
                }

                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                if (!(allocated < MostAllocated))
                {
                    Assert.Fail($"image {number}, {format.Name}: {allocated} bytes were allocated");
                }
            }
        }

        // The mutator must neither break everything nor nothing.
        Assert.InRange(accepted, Images / 20, Images);
        Assert.InRange(refused, Images / 2, 2 * Images);
        guest.CheckCanaries();
    }

    private static void Check(GuestImage image, byte[] bytes, int number)
    {
        const ElfSegmentFlags WriteExecute = ElfSegmentFlags.Write | ElfSegmentFlags.Execute;
        ulong end = 0x100000;
        bool entryIsCode = false;
        foreach (GuestSegment segment in image.Segments)
        {
            if (
                !(
                    segment.Start >= end
                    && segment.End > segment.Start
                    && segment.End <= Memory
                    && (segment.Start | segment.End) % 4096 == 0
                )
            )
            {
                Assert.Fail(
                    $"image {number}: a segment lies at 0x{segment.Start:x} to 0x{segment.End:x}"
                );
            }
            if (
                !(
                    segment.Address >= segment.Start
                    && segment.FileSize <= segment.End - segment.Address
                    && segment.FileSize <= (ulong)bytes.Length
                    && (
                        segment.FileSize == 0
                        || segment.FileOffset <= (ulong)bytes.Length - segment.FileSize
                    )
                )
            )
            {
                Assert.Fail(
                    $"image {number}: a segment takes {segment.FileSize} bytes at 0x{segment.FileOffset:x}"
                );
            }
            if (!((segment.Flags & WriteExecute) != WriteExecute))
            {
                Assert.Fail($"image {number}: a segment is writable and executable");
            }
            entryIsCode |=
                (segment.Flags & ElfSegmentFlags.Execute) != 0
                && image.File.Entry >= segment.Start
                && image.File.Entry < segment.End;
            end = segment.End;
        }

        if (!(entryIsCode))
        {
            Assert.Fail($"image {number}: its entry is not code");
        }
        Assert.InRange(image.Manifest.Devices.Count, 0, Manifest.MostDevices);
        Assert.Equal(
            ManifestNote.EntriesOffset
                + (image.Manifest.Devices.Count + 1) * ManifestNote.EntrySize,
            image.ManifestBytes.Length
        );
    }

    private static void CheckPlan(GuestImage image, int number)
    {
        AttachedDevice[] devices =
        [
            .. image.Manifest.Devices.Select(
                (device, index) =>
                    new AttachedDevice
                    {
                        Name = device.Name,
                        Handle = index + 1,
                        Descriptor = 10 + index,
                        Mtu = 1500,
                        Block =
                            device.Type == DeviceType.BlockBasic
                                ? new BlockGeometry(4096, 512)
                                : null,
                    }
            ),
        ];
        byte[] plan = new LaunchPlan
        {
            Image = image,
            ImageDescriptor = 3,
            MemorySize = Memory,
            CommandLine = [],
            Devices = devices,
            EpollDescriptor = 4,
            TimerDescriptor = 5,
        }.Write();
        PlanHeader header = MemoryMarshal.Read<PlanHeader>(plan);
        if (!(header.Grant == 0 || header.Grant >= 0x100000 && header.Grant <= Memory - 40))
        {
            Assert.Fail($"image {number}: the stub would write a grant at 0x{header.Grant:x}");
        }
        if (!(header.FaultStack + header.FaultStackSize <= Memory))
        {
            Assert.Fail(
                $"image {number}: its fault stack ends at 0x{header.FaultStack + header.FaultStackSize:x}"
            );
        }
    }

    /// <summary>Guest memory with canaries around it, and a file in memory to load from.</summary>
    private sealed class LoadedGuest : IDisposable
    {
        private readonly byte* around;
        private readonly GuestMemory memory;
        private readonly int file;

        public LoadedGuest()
        {
            around = (byte*)NativeMemory.AlignedAlloc(Canary + (nuint)Memory + Canary, 4096);
            new Span<byte>(around, Canary + (int)Memory + Canary).Fill(CanaryByte);
            memory = new GuestMemory(around + Canary, Memory);
            fixed (byte* name = "hostile\0"u8)
            {
                file = LinuxCalls.MemoryFile(name, LinuxCalls.MemoryCloseOnExec);
            }

            Assert.True(file >= 0);
        }

        public void Load(GuestImage image, byte[] bytes, int number)
        {
            fixed (byte* from = bytes)
            {
                Assert.Equal(bytes.Length, LinuxCalls.Pwrite(file, from, (nuint)bytes.Length, 0));
            }

            foreach ((ulong start, ulong end) in HvtGuest.Load(image, file, memory))
            {
                if (!(start < end && end <= Memory))
                {
                    Assert.Fail($"image {number}: read-only to 0x{end:x}");
                }
            }

            HvtGrant.Write(image.Note, memory);
            HvtGuest.WriteBootInfo(image, memory, [], [], 1);
        }

        public void CheckCanaries()
        {
            Assert.Equal(-1, new Span<byte>(around, Canary).IndexOfAnyExcept(CanaryByte));
            Assert.Equal(
                -1,
                new Span<byte>(around + Canary + Memory, Canary).IndexOfAnyExcept(CanaryByte)
            );
        }

        public void Dispose()
        {
            _ = LinuxCalls.Close(file);
            NativeMemory.AlignedFree(around);
        }
    }
}
