namespace Morgana.Tender.Devices;

/// <summary>Size of a block device.</summary>
/// <param name="Capacity">Its bytes, a multiple of the block size, and at least one block.</param>
/// <param name="BlockSize">Bytes of a block: a power of two from 512 to 32768.</param>
internal readonly record struct BlockGeometry(ulong Capacity, ushort BlockSize);
