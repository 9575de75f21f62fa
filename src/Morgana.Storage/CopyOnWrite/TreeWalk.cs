namespace Morgana.Storage.CopyOnWrite;

/// <summary>Goes through all that a state reaches, when a store is opened: what is found is marked as used, and must fit together.</summary>
internal sealed class TreeWalk(PageStore pages, FreeSpace space)
{
    private readonly ValueReader _values = new(pages);
    private long _keys;
    private long _bytes;

    /// <summary>Goes through it.</summary>
    /// <exception cref="StoreCorruptException">It does not fit together.</exception>
    public async ValueTask RunAsync(Superblock state, CancellationToken cancellation)
    {
        if (!state.Root.IsNothing)
        {
            Mark(state.Root);
            await VisitAsync(state.Root, state.Level, null, null, cancellation)
                .ConfigureAwait(false);
        }

        if (_keys != state.Keys || _bytes != state.ValueBytes)
        {
            throw Damaged(
                $"its superblock speaks of {state.Keys} values with {state.ValueBytes} bytes, and there are {_keys} with {_bytes}"
            );
        }
    }

    private async ValueTask VisitAsync(
        Extent place,
        int level,
        ReadOnlyMemory<byte>? from,
        ReadOnlyMemory<byte>? to,
        CancellationToken cancellation
    )
    {
        Page page = await pages
            .LoadAsync(place, isMap: false, level, cancellation)
            .ConfigureAwait(false);
        if (
            (from is { } low && page.Key(0).SequenceCompareTo(low.Span) < 0)
            || (to is { } high && page.Key(page.Count - 1).SequenceCompareTo(high.Span) >= 0)
        )
        {
            throw Damaged($"unit {place.First} has keys that belong elsewhere");
        }

        for (int i = 0; i < page.Count; i++)
        {
            if (level > 0)
            {
                Mark(page.Child(i));
                await VisitAsync(
                        page.Child(i),
                        level - 1,
                        KeyAt(page, i),
                        i + 1 < page.Count ? KeyAt(page, i + 1) : to,
                        cancellation
                    )
                    .ConfigureAwait(false);
                continue;
            }

            ValueEntry entry = new(page.Entry(i));
            _keys++;
            _bytes += entry.Size;
            if (!entry.IsInline)
            {
                await _values
                    .VisitAsync(entry.Extent, entry.Height, Mark, cancellation)
                    .ConfigureAwait(false);
            }
        }
    }

    private static ReadOnlyMemory<byte> KeyAt(Page page, int index)
    {
        ReadOnlyMemory<byte> entry = page.Entry(index);
        return entry.Slice(ChildEntry.HeaderSize, ChildEntry.KeyOf(entry.Span).Length);
    }

    private void Mark(Extent extent)
    {
        if (!space.TryMark(extent))
        {
            throw Damaged(
                $"units {extent.First} to {extent.First + extent.Count - 1} are used for two things"
            );
        }
    }

    private StoreCorruptException Damaged(string why) =>
        new($"The store on '{pages.Device.Name}' is damaged: {why}.");
}
