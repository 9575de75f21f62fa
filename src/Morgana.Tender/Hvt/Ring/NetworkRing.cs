using Morgana.Tender.Devices;

namespace Morgana.Tender.Hvt;

/// <summary>
/// The host's side of the network ring of HVT ABI 2 (Solo5's <c>hvt_ring.h</c>; see docs/abi.md): the guest writes requests into shared memory, and a
/// thread of the tender carries them out while the guest goes on. Without I/O threads or clocks of its own.
/// </summary>
/// <remarks>
/// The guest can write anything into this memory at any time. So every number is read from it once, and what the host has written there is never read
/// back: <see cref="head"/> and <see cref="committed"/> are the host's own. Nothing here allocates.
/// </remarks>
internal sealed unsafe class NetworkRing(GuestMemory memory, AttachedDevice[] devices)
{
    /// <summary>Requests, and answers, that the ring holds.</summary>
    public const uint Entries = 1024;

    /// <summary>Bytes of the ring.</summary>
    public const int Bytes = CommitsOffset + (int)Entries * CommitSize;

    // Written by the guest.
    internal const int SubmittedOffset = 0;
    internal const int TakenOffset = 4;

    // Written by the host.
    internal const int HeadOffset = 64;
    internal const int CommittedOffset = 68;
    internal const int NeedsKickOffset = 72;
    internal const int EntriesOffset = 128;
    internal const int EntrySize = 32;
    internal const int CommitsOffset = EntriesOffset + (int)Entries * EntrySize;
    internal const int CommitSize = 16;

    internal const uint NetWrite = 1;
    internal const uint NetRead = 2;

    private readonly byte* ring = memory.Shared;
    private uint head;
    private uint committed;

    /// <summary>Requests that were carried out, modulo 2^32. Any thread may ask.</summary>
    public uint Served => Volatile.Read(ref head);

    /// <summary>Whether the guest has submitted something that was not carried out yet.</summary>
    public bool HasWork => Load(SubmittedOffset) != head;

    /// <summary>Tells the guest whether it has to kick the host's thread when it submits something.</summary>
    public void SetNeedsKick(bool value)
    {
        Store(NeedsKickOffset, value ? 1U : 0);
        // The guest stores its index and then reads this; the host stores this and then reads the index: neither may overtake the other.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Carries out all that was submitted up to now.</summary>
    /// <returns>How much it was.</returns>
    /// <exception cref="GuestLieException">An index or a request means nothing.</exception>
    public uint Serve()
    {
        uint submitted = Load(SubmittedOffset);
        uint count = unchecked(submitted - head);
        if (count > Entries)
        {
            throw new GuestLieException(
                $"network ring: {count} requests are said to be in it, but it holds {Entries}"
            );
        }

        for (uint i = 0; i < count; i++)
        {
            Carry(ring + EntriesOffset + (int)(head % Entries) * EntrySize);
            head = unchecked(head + 1);
            Store(HeadOffset, head);
        }

        return count;
    }

    private void Carry(byte* entry)
    {
        // Once each: the guest may change them meanwhile.
        uint operation = Volatile.Read(ref *(uint*)entry);
        uint handle = Volatile.Read(ref *(uint*)(entry + 4));
        ulong data = Volatile.Read(ref *(ulong*)(entry + 8));
        uint size = Volatile.Read(ref *(uint*)(entry + 16));
        uint id = Volatile.Read(ref *(uint*)(entry + 20));
        AttachedDevice? device = handle - 1 < (uint)devices.Length ? devices[handle - 1] : null;
        switch (operation)
        {
            case NetWrite:
                // A write has no answer: a frame that cannot be sent is lost, as on a network.
                _ = NetworkCalls.Write(device, memory, new(data), size);
                break;
            case NetRead:
                ulong length = size;
                Solo5Result result = NetworkCalls.Read(device, memory, new(data), ref length);
                Commit(id, result, result == Solo5Result.Ok ? (uint)length : 0);
                break;
            default:
                throw new GuestLieException($"network ring: there is no operation {operation}");
        }
    }

    private void Commit(uint id, Solo5Result result, uint length)
    {
        uint taken = Load(TakenOffset);
        if (unchecked(committed - taken) >= Entries)
        {
            throw new GuestLieException(
                $"network ring: {unchecked(committed - taken)} answers are said not to be taken, but it holds {Entries}"
            );
        }

        byte* commit = ring + CommitsOffset + (int)(committed % Entries) * CommitSize;
        *(uint*)commit = id;
        *(int*)(commit + 4) = (int)result;
        *(uint*)(commit + 8) = length;
        committed = unchecked(committed + 1);
        Store(CommittedOffset, committed);
    }

    private uint Load(int offset) => Volatile.Read(ref *(uint*)(ring + offset));

    // What was written before it is visible before it.
    private void Store(int offset, uint value) =>
        Volatile.Write(ref *(uint*)(ring + offset), value);
}
