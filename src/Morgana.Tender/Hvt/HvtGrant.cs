using System.Buffers.Binary;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Hvt;

/// <summary>
/// Grants what an hvt image asks for in its Morgana note: a seed. Faults and guard pages are a guest's own business, since it has
/// the processor for itself; see docs/abi.md.
/// </summary>
internal static unsafe class HvtGrant
{
    private const int SeedSize = 32;
    private const int SeedOffset = 8;

    /// <summary>Writes the grant into a loaded image.</summary>
    /// <param name="note">The image's note, checked; null when it has none.</param>
    /// <param name="memory">The machine's memory with the image's segments.</param>
    /// <exception cref="TenderException">The kernel gives no random numbers.</exception>
    public static void Write(MorganaNote? note, GuestMemory memory)
    {
        if (note is not { Grant: not 0 } asked)
        {
            return;
        }

        Span<byte> grant = memory.Host(asked.Grant, MorganaNote.GrantSize);
        BinaryPrimitives.WriteUInt32LittleEndian(grant, MorganaNote.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(grant[4..], MorganaNote.GrantedSeed);
        Span<byte> seed = grant.Slice(SeedOffset, SeedSize);
        fixed (byte* to = seed)
        {
            // So few bytes come whole or not at all.
            while (LinuxCalls.GetRandom(to, SeedSize, 0) != SeedSize)
            {
                if (LinuxError.Last != LinuxError.Interrupted)
                {
                    throw new TenderException(
                        $"the kernel gives no random numbers for the guest's seed: {LinuxError.LastText}"
                    );
                }
            }
        }
    }
}
