using Morgana.Runtime;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>How a store divides its disk: units of one size, numbered from the disk's beginning; the first belong to the superblocks.</summary>
/// <param name="UnitSize">Bytes of a unit.</param>
/// <param name="UnitCount">How many there are, those of the superblocks included.</param>
internal readonly record struct Geometry(int UnitSize, uint UnitCount)
{
    public const int SmallestUnit = 1024;
    public const int LargestUnit = 32768;
    public const int DefaultUnit = 4096;

    /// <summary>The superblocks' own part of the disk: one at its beginning, one in its middle, so that a block of any size holds one alone.</summary>
    public const int SuperblockArea = 65536;
    public const int SecondSuperblock = 32768;

    /// <summary>Units that a store must have at least besides the superblocks.</summary>
    public const int FewestUnits = 64;

    /// <summary>The largest piece of a value that lies together and has one checksum.</summary>
    public const int ChunkSize = 65536;

    /// <summary>Levels of the tree of keys, and of the maps of a value: far more than any disk can fill, so more is damage.</summary>
    public const int MostLevels = 24;
    public const int MostHeight = 6;

    public uint FirstUnit => (uint)(SuperblockArea / UnitSize);

    public int ChunkUnits => ChunkSize / UnitSize;

    public int MostKeyBytes => Math.Min(512, UnitSize / 8);

    public int MostInlineBytes => Math.Min(256, UnitSize / 16);

    /// <summary>What only batches without new values may use: so something can be deleted when all else is full.</summary>
    public const int Reserve = 32;

    public static bool IsUnitSize(long size) =>
        size is >= SmallestUnit and <= LargestUnit && long.IsPow2(size);

    /// <summary>The largest that fits a disk.</summary>
    /// <exception cref="ArgumentException">The disk is too small, or its blocks too large.</exception>
    public static Geometry Of(IBlockDevice device, int unitSize)
    {
        if (!IsUnitSize(unitSize) || unitSize < device.BlockSize)
        {
            throw new ArgumentException(
                $"Units of {unitSize} bytes cannot be: a unit has 1024 to 32768 bytes, a power of two, and at least the {device.BlockSize} bytes of a block of '{device.Name}'.",
                nameof(unitSize)
            );
        }

        Geometry geometry = new(
            unitSize,
            (uint)Math.Min(device.Capacity / unitSize, uint.MaxValue - 1)
        );
        return geometry.UnitCount >= geometry.FirstUnit + FewestUnits
            ? geometry
            : throw new ArgumentException(
                $"'{device.Name}' has {device.Capacity} bytes: a store with units of {unitSize} bytes needs {SuperblockArea + FewestUnits * unitSize}.",
                nameof(device)
            );
    }

    /// <summary>True for an extent that lies among the units for values.</summary>
    public bool Holds(Extent extent) =>
        extent.First >= FirstUnit
        && extent.Count > 0
        && extent.Count <= UnitCount
        && extent.First <= UnitCount - extent.Count;

    /// <summary>Units for so many bytes.</summary>
    public long UnitsFor(long bytes) => (bytes + UnitSize - 1) / UnitSize;
}
