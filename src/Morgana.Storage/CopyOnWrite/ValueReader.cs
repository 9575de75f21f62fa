using System.Buffers;
using Morgana.Storage.Hashing;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>Reads parts of values. Every byte that is given out has been compared with its checksum.</summary>
internal sealed class ValueReader(PageStore pages)
{
    private readonly Geometry _geometry = pages.Geometry;

    /// <summary>Reads as many bytes as fit and are there.</summary>
    /// <exception cref="StoreCorruptException">They are not as they were written.</exception>
    public async ValueTask<int> ReadAsync(
        ValueEntry entry,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation
    )
    {
        long size = entry.Size;
        if (offset >= size)
        {
            return 0;
        }

        int wanted = (int)Math.Min(destination.Length, size - offset);
        if (entry.IsInline)
        {
            entry.InlineValue.Slice((int)offset, wanted).CopyTo(destination);
            return wanted;
        }

        int done = 0;
        while (done < wanted)
        {
            (Extent chunk, long begin) = await FindAsync(entry, offset + done, cancellation)
                .ConfigureAwait(false);
            int length = (int)chunk.Count * _geometry.UnitSize;
            int within = (int)(offset + done - begin);
            int part = Math.Min(length - within, wanted - done);
            if (part == length)
            {
                await ReadChunkAsync(entry, chunk, destination.Slice(done, length), cancellation)
                    .ConfigureAwait(false);
            }
            else
            {
                byte[] rented = ArrayPool<byte>.Shared.Rent(length);
                try
                {
                    await ReadChunkAsync(entry, chunk, rented.AsMemory(0, length), cancellation)
                        .ConfigureAwait(false);
                    rented.AsSpan(within, part).CopyTo(destination.Span[done..]);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(rented);
                }
            }

            done += part;
        }

        return wanted;
    }

    /// <summary>Calls for every extent that a value has: its pieces, and the pages of its map.</summary>
    public async ValueTask VisitAsync(
        Extent extent,
        int height,
        Action<Extent> visit,
        CancellationToken cancellation
    )
    {
        visit(extent);
        if (height > 0)
        {
            Page map = await pages
                .LoadAsync(extent, isMap: true, height, cancellation)
                .ConfigureAwait(false);
            for (int i = 0; i < map.Count; i++)
            {
                await VisitAsync(map.Child(i), height - 1, visit, cancellation)
                    .ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<(Extent Chunk, long Begin)> FindAsync(
        ValueEntry entry,
        long offset,
        CancellationToken cancellation
    )
    {
        Extent extent = entry.Extent;
        long unit = offset / _geometry.UnitSize;
        long begin = 0;
        for (int height = entry.Height; height > 0; height--)
        {
            Page map = await pages
                .LoadAsync(extent, isMap: true, height, cancellation)
                .ConfigureAwait(false);
            int i = 0;
            // The page has checked that its spans add up to its own.
            for (; begin + map.Child(i).Span <= unit; i++)
            {
                begin += map.Child(i).Span;
            }

            extent = map.Child(i);
        }

        return (extent, begin * _geometry.UnitSize);
    }

    private async ValueTask ReadChunkAsync(
        ValueEntry entry,
        Extent chunk,
        Memory<byte> destination,
        CancellationToken cancellation
    )
    {
        await pages
            .Device.ReadAsync((long)chunk.First * _geometry.UnitSize, destination, cancellation)
            .ConfigureAwait(false);
        if (Crc32C.Of(destination.Span) != chunk.Checksum)
        {
            throw new StoreCorruptException(
                $"The store on '{pages.Device.Name}' is damaged: units {chunk.First} to {chunk.First + chunk.Count - 1}, part of '{entry.KeyText}', have another checksum than they were written with."
            );
        }
    }
}
