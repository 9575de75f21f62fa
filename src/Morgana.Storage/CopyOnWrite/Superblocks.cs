using Morgana.Runtime;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>The two places on a disk where superblocks stand.</summary>
internal static class Superblocks
{
    /// <summary>The last state that is wholly there.</summary>
    /// <returns>Null where nothing but zeros are: no store, and nothing that could be lost.</returns>
    /// <exception cref="StoreCorruptException">Something else is there.</exception>
    public static async ValueTask<Superblock?> ReadAsync(
        IBlockDevice device,
        CancellationToken cancellation
    )
    {
        if (device.Capacity < Geometry.SuperblockArea)
        {
            throw new StoreCorruptException(
                $"'{device.Name}' holds no store: it has {device.Capacity} bytes, and superblocks alone take {Geometry.SuperblockArea}."
            );
        }

        byte[] area = new byte[Geometry.SuperblockArea];
        await device.ReadAsync(0, area, cancellation).ConfigureAwait(false);
        Superblock? first = Superblock.Read(area, 0, out string firstReason);
        Superblock? second = Superblock.Read(
            area.AsSpan(Geometry.SecondSuperblock),
            Geometry.SecondSuperblock,
            out string secondReason
        );
        Superblock? last = first is null || second?.Generation > first.Generation ? second : first;
        if (last is null)
        {
            if (!area.AsSpan().ContainsAnyExcept((byte)0))
            {
                return null;
            }

            string reason = firstReason.Length > 0 ? firstReason : secondReason;
            throw new StoreCorruptException(
                $"'{device.Name}' holds no store: {(reason.Length > 0 ? reason : "it is something else")}. Make one with: morgana image --store"
            );
        }

        Geometry geometry = last.Geometry;
        if (
            geometry.UnitSize < device.BlockSize
            || (long)geometry.UnitCount * geometry.UnitSize > device.Capacity
        )
        {
            throw new StoreCorruptException(
                $"The store on '{device.Name}' has {geometry.UnitCount} units of {geometry.UnitSize} bytes: that does not fit a disk of {device.Capacity} bytes in blocks of {device.BlockSize}."
            );
        }

        return last;
    }

    /// <summary>Makes an empty store of what may be anything.</summary>
    public static async ValueTask<Superblock> FormatAsync(
        IBlockDevice device,
        int unitSize,
        CancellationToken cancellation
    )
    {
        Superblock empty = new(Geometry.Of(device, unitSize), 0, default, 0, 0, 0);
        // A superblock that was there before would win by its higher generation.
        byte[] area = new byte[Geometry.SuperblockArea];
        await device.WriteAsync(0, area, cancellation).ConfigureAwait(false);
        await device.FlushAsync(cancellation).ConfigureAwait(false);
        await WriteAsync(device, empty).ConfigureAwait(false);
        return empty;
    }

    /// <summary>Makes a state the last one. What it reaches must have been flushed before.</summary>
    public static async ValueTask WriteAsync(IBlockDevice device, Superblock state)
    {
        byte[] block = new byte[Math.Max(device.BlockSize, Superblock.Size)];
        state.Write(block);
        await device.WriteAsync(state.Place, block, CancellationToken.None).ConfigureAwait(false);
        await device.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
