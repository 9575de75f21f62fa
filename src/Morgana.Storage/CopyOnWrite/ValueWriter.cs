using System.Buffers;
using System.Runtime.InteropServices;
using Morgana.Storage.Hashing;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>Writes a value into free units, in pieces of at most 64 KiB, and the map that finds them.</summary>
internal sealed class ValueWriter(
    PageStore pages,
    FreeSpace space,
    ulong generation,
    long mostBytes
)
{
    private readonly Geometry _geometry = pages.Geometry;

    /// <summary>Writes a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="time">When it is changed.</param>
    /// <param name="read">Gives the next bytes of it; 0 at its end.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its entry.</returns>
    /// <exception cref="StoreFullException">There is no room; all that was taken for it is free again.</exception>
    public async ValueTask<ValueEntry> WriteAsync(
        byte[] key,
        DateTimeOffset time,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellation
    )
    {
        List<Extent> extents = [];
        List<Extent> written = [];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Geometry.ChunkSize);
        try
        {
            Sha256 hash = new();
            byte[] digest = new byte[Sha256.Size];
            long size = 0;
            while (true)
            {
                int filled = await FillAsync(buffer, read, cancellation).ConfigureAwait(false);
                hash.Add(buffer.AsSpan(0, filled));
                bool isFirst = size == 0;
                size += filled;
                if (size > mostBytes)
                {
                    throw new StoreFullException(
                        $"The value is larger than the {mostBytes} bytes that a value of this store may have."
                    );
                }

                if (isFirst && filled <= _geometry.MostInlineBytes)
                {
                    hash.Finish(digest);
                    return ValueEntry.OfInline(key, time, digest, buffer.AsSpan(0, filled));
                }

                if (filled > 0)
                {
                    int whole = (int)_geometry.UnitsFor(filled) * _geometry.UnitSize;
                    buffer.AsSpan(filled, whole - filled).Clear();
                    await WriteChunkAsync(buffer.AsMemory(0, whole), extents, written, cancellation)
                        .ConfigureAwait(false);
                }

                if (filled < Geometry.ChunkSize)
                {
                    break;
                }
            }

            hash.Finish(digest);
            int height = 0;
            while (extents.Count > 1)
            {
                extents = await WriteMapAsync(extents, ++height, written, cancellation)
                    .ConfigureAwait(false);
            }

            return ValueEntry.OfExtent(key, time, digest, size, height, extents[0]);
        }
        catch
        {
            foreach (Extent extent in written)
            {
                space.Drop(extent);
            }

            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> FillAsync(
        byte[] buffer,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellation
    )
    {
        int filled = 0;
        while (filled < Geometry.ChunkSize)
        {
            int count = await read(
                    buffer.AsMemory(filled, Geometry.ChunkSize - filled),
                    cancellation
                )
                .ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            filled += count;
        }

        return filled;
    }

    private async ValueTask WriteChunkAsync(
        ReadOnlyMemory<byte> units,
        List<Extent> extents,
        List<Extent> written,
        CancellationToken cancellation
    )
    {
        while (units.Length > 0)
        {
            if (
                !space.TryTake(
                    units.Length / _geometry.UnitSize,
                    Geometry.Reserve,
                    out uint first,
                    out int count
                )
            )
            {
                throw Full();
            }

            ReadOnlyMemory<byte> part = units[..(count * _geometry.UnitSize)];
            Extent extent = new(first, (uint)count, Crc32C.Of(part.Span), (uint)count);
            written.Add(extent);
            await pages
                .Device.WriteAsync((long)first * _geometry.UnitSize, part, cancellation)
                .ConfigureAwait(false);
            extents.Add(extent);
            units = units[part.Length..];
        }
    }

    private async ValueTask<List<Extent>> WriteMapAsync(
        List<Extent> extents,
        int level,
        List<Extent> written,
        CancellationToken cancellation
    )
    {
        List<Extent> above = [];
        int room = Page.MapRoomOf(_geometry);
        for (int at = 0; at < extents.Count; at += room)
        {
            int count = Math.Min(room, extents.Count - at);
            byte[] bytes = Page.MakeMap(
                _geometry,
                generation,
                level,
                CollectionsMarshal.AsSpan(extents).Slice(at, count)
            );
            uint span = 0;
            for (int i = at; i < at + count; i++)
            {
                span += extents[i].Span;
            }

            if (!space.TryTake(1, Geometry.Reserve, out uint unit, out _))
            {
                throw Full();
            }

            written.Add(new Extent(unit, 1, 0, 0));
            above.Add(
                await pages.WriteAsync(unit, bytes, span, cancellation).ConfigureAwait(false)
            );
        }

        return above;
    }

    private StoreFullException Full() =>
        new(
            $"The store on '{pages.Device.Name}' is full: delete something, or give it a larger disk."
        );
}
