using Morgana.Runtime;
using Morgana.Storage.Hashing;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>
/// Reads and writes pages, and keeps the last of them in memory: a fixed number, in sets of four. May be used by several threads: a set is
/// changed by writing one reference, and pages do not change.
/// </summary>
internal sealed class PageStore(IBlockDevice device, Geometry geometry, int cachedPages)
{
    private const int Ways = 4;

    private readonly Page?[] _cached = new Page?[
        Ways
            * (int)
                System.Numerics.BitOperations.RoundUpToPowerOf2(
                    (uint)Math.Max(cachedPages / Ways, 1)
                )
    ];
    private int _next;

    public IBlockDevice Device => device;

    public Geometry Geometry => geometry;

    /// <summary>A page that is in memory.</summary>
    public Page? Cached(Extent place)
    {
        foreach (Page? page in SetOf(place.First))
        {
            if (page is not null && page.Place == place)
            {
                return page;
            }
        }

        return null;
    }

    /// <summary>A page.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="isMap">Whether it must be of a value's map.</param>
    /// <param name="level">The level that it must have.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StoreCorruptException">It is not as it was written.</exception>
    public async ValueTask<Page> LoadAsync(
        Extent place,
        bool isMap,
        int level,
        CancellationToken cancellation
    )
    {
        Page? page = Cached(place);
        if (page is null)
        {
            byte[] bytes = new byte[geometry.UnitSize];
            await device
                .ReadAsync((long)place.First * geometry.UnitSize, bytes, cancellation)
                .ConfigureAwait(false);
            if (Crc32C.Of(bytes) != place.Checksum)
            {
                throw new StoreCorruptException(
                    $"The store on '{device.Name}' is damaged: unit {place.First} has another checksum than it was written with."
                );
            }

            page = Page.TryParse(bytes, place, geometry);
        }

        if (page is null || page.IsMap != isMap || page.Level != level)
        {
            throw new StoreCorruptException(
                $"The store on '{device.Name}' is damaged: unit {place.First} is not the page that is expected there."
            );
        }

        Keep(page);
        return page;
    }

    /// <summary>Writes a page into a unit.</summary>
    /// <returns>How it is referred to.</returns>
    public async ValueTask<Extent> WriteAsync(
        uint unit,
        byte[] bytes,
        uint span,
        CancellationToken cancellation
    )
    {
        await device
            .WriteAsync((long)unit * geometry.UnitSize, bytes, cancellation)
            .ConfigureAwait(false);
        Extent place = new(unit, 1, Crc32C.Of(bytes), span);
        // The same check as for what is read: a page that could not be read again is never committed.
        Keep(
            Page.TryParse(bytes, place, geometry)
                ?? throw new InvalidOperationException($"The page for unit {unit} is malformed.")
        );
        return place;
    }

    private void Keep(Page page)
    {
        Span<Page?> set = SetOf(page.Place.First);
        int free = -1;
        for (int i = 0; i < set.Length; i++)
        {
            if (set[i] is null)
            {
                free = i;
            }
            else if (set[i]!.Place.First == page.Place.First)
            {
                set[i] = page;
                return;
            }
        }

        set[free >= 0 ? free : _next++ & (Ways - 1)] = page;
    }

    private Span<Page?> SetOf(uint unit)
    {
        uint sets = (uint)_cached.Length / Ways;
        return _cached.AsSpan((int)(unit * 2654435769u / 7 % sets) * Ways, Ways);
    }
}
