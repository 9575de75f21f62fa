using System.Buffers.Binary;
using Morgana.Elf;
using Morgana.Tender.Devices;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Hvt;

/// <summary>Loads an image into a machine's memory, with what the tender tells it.</summary>
internal static unsafe class HvtGuest
{
    // What fits into a span.
    private const ulong MostAtOnce = 1 << 30;

    /// <summary>Loads the image's segments.</summary>
    /// <param name="image">An image that passed the checks and was placed.</param>
    /// <param name="descriptor">Its file.</param>
    /// <param name="memory">The machine's memory.</param>
    /// <returns>The regions that are to be read-only.</returns>
    /// <exception cref="TenderException">The file cannot be read.</exception>
    public static (ulong Start, ulong End)[] Load(
        GuestImage image,
        int descriptor,
        GuestMemory memory
    )
    {
        List<(ulong Start, ulong End)> readOnly = [];
        foreach (GuestSegment segment in image.Segments)
        {
            ulong done = 0;
            while (done < segment.FileSize)
            {
                int most = (int)Math.Min(segment.FileSize - done, MostAtOnce);
                fixed (byte* to = memory.Host(segment.Address + done, most))
                {
                    nint count = LinuxCalls.Pread(
                        descriptor,
                        to,
                        (nuint)most,
                        (long)(segment.FileOffset + done)
                    );
                    if (count == 0)
                    {
                        throw new TenderException(
                            $"{image.File.Source.Name}: it became shorter while it was loaded: build or copy it again"
                        );
                    }

                    if (count < 0 && LinuxError.Last != LinuxError.Interrupted)
                    {
                        throw new TenderException(
                            $"{image.File.Source.Name}: could not be read: {LinuxError.LastText}"
                        );
                    }

                    done += (ulong)Math.Max(count, 0);
                }
            }

            if ((segment.Flags & ElfSegmentFlags.Write) == 0)
            {
                readOnly.Add((segment.Start, segment.End));
            }
        }

        return [.. readOnly];
    }

    /// <summary>Writes <c>struct hvt_boot_info</c>, the manifest and the command line.</summary>
    public static void WriteBootInfo(
        GuestImage image,
        GuestMemory memory,
        AttachedDevice[] devices,
        byte[] commandLine,
        ulong counterRate
    )
    {
        byte[] manifest = image.ManifestBytes;
        foreach (AttachedDevice device in devices)
        {
            device.WriteTo(manifest);
        }

        const ulong ManifestAddress = GuestLayout.BootInfo + HvtAbi.BootInfoSize;
        ulong lineAddress = ManifestAddress + (ulong)manifest.Length;
        Span<byte> boot = memory.Host(GuestLayout.BootInfo, HvtAbi.BootInfoSize);
        BinaryPrimitives.WriteUInt64LittleEndian(boot, memory.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(boot[8..], image.End);
        BinaryPrimitives.WriteUInt64LittleEndian(boot[16..], counterRate);
        BinaryPrimitives.WriteUInt64LittleEndian(boot[24..], lineAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(boot[32..], ManifestAddress);
        manifest.CopyTo(memory.Host(ManifestAddress, manifest.Length));
        commandLine.CopyTo(memory.Host(lineAddress, commandLine.Length + 1));
    }
}
