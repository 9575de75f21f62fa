namespace Morgana.Storage.CopyOnWrite;

/// <summary>Makes a new tree out of the last one and a batch: every page on the way to a change is written anew, all others are shared.</summary>
internal sealed class TreeWriter(PageStore pages, FreeSpace space, ulong generation, int reserve)
{
    private readonly Geometry _geometry = pages.Geometry;
    private readonly int _room = Page.RoomOf(pages.Geometry);
    private readonly ValueReader _values = new(pages);
    private long _keys;
    private long _bytes;

    /// <summary>Makes the tree; what is no longer part of it is dropped.</summary>
    /// <param name="last">The last state.</param>
    /// <param name="mutations">Changes in the order of their keys.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreFullException">There is no room for its pages.</exception>
    public async ValueTask<Superblock> ApplyAsync(
        Superblock last,
        ReadOnlyMemory<Mutation> mutations,
        CancellationToken cancellation
    )
    {
        List<Draft> drafts;
        if (last.Root.IsNothing)
        {
            List<ReadOnlyMemory<byte>> entries = [];
            foreach (Mutation mutation in mutations.Span)
            {
                Add(entries, mutation);
            }

            drafts = Draft.Divide(entries, 0, _room);
        }
        else
        {
            drafts = await RewriteAsync(last.Root, last.Level, mutations, cancellation)
                .ConfigureAwait(false);
        }

        (Extent root, int level) = await WriteRootAsync(drafts, cancellation).ConfigureAwait(false);
        return last with
        {
            Generation = generation,
            Root = root,
            Level = level,
            Keys = last.Keys + _keys,
            ValueBytes = last.ValueBytes + _bytes,
        };
    }

    private async ValueTask<(Extent Root, int Level)> WriteRootAsync(
        List<Draft> drafts,
        CancellationToken cancellation
    )
    {
        while (drafts.Count > 1)
        {
            List<ReadOnlyMemory<byte>> above = [];
            foreach (Draft draft in drafts)
            {
                above.Add(await WriteAsync(draft, cancellation).ConfigureAwait(false));
            }

            drafts = Draft.Divide(above, drafts[0].Level + 1, _room);
        }

        if (drafts.Count == 0)
        {
            return (default, 0);
        }

        Draft top = drafts[0];
        if (top.Level == 0 || top.Entries.Count > 1)
        {
            return (
                ChildEntry.ExtentOf(
                    (await WriteAsync(top, cancellation).ConfigureAwait(false)).Span
                ),
                top.Level
            );
        }

        // A page that only names one other is no root: the tree has become lower.
        Extent root = ChildEntry.ExtentOf(top.Entries[0].Span);
        int level = top.Level - 1;
        while (level > 0)
        {
            Page page = await pages
                .LoadAsync(root, isMap: false, level, cancellation)
                .ConfigureAwait(false);
            if (page.Count > 1)
            {
                break;
            }

            space.Drop(root);
            root = page.Child(0);
            level--;
        }

        return (root, level);
    }

    /// <summary>What takes a page's place; nothing when nothing is left of it.</summary>
    private async ValueTask<List<Draft>> RewriteAsync(
        Extent place,
        int level,
        ReadOnlyMemory<Mutation> mutations,
        CancellationToken cancellation
    )
    {
        Page page = await pages
            .LoadAsync(place, isMap: false, level, cancellation)
            .ConfigureAwait(false);
        space.Drop(place);
        return level == 0
            ? Draft.Divide(
                await MergeAsync(page, mutations, cancellation).ConfigureAwait(false),
                0,
                _room
            )
            : await RewriteInnerAsync(page, mutations, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<List<ReadOnlyMemory<byte>>> MergeAsync(
        Page leaf,
        ReadOnlyMemory<Mutation> mutations,
        CancellationToken cancellation
    )
    {
        List<ReadOnlyMemory<byte>> entries = [];
        int next = 0;
        for (int i = 0; i < leaf.Count; i++)
        {
            ReadOnlyMemory<byte> entry = leaf.Entry(i);
            int order = -1;
            while (
                next < mutations.Length
                && (order = mutations.Span[next].Key.AsSpan().SequenceCompareTo(leaf.Key(i))) < 0
            )
            {
                Add(entries, mutations.Span[next++]);
            }

            if (next == mutations.Length || order != 0)
            {
                entries.Add(entry);
                continue;
            }

            await ForgetAsync(new ValueEntry(entry), cancellation).ConfigureAwait(false);
            Add(entries, mutations.Span[next++]);
        }

        while (next < mutations.Length)
        {
            Add(entries, mutations.Span[next++]);
        }

        return entries;
    }

    private async ValueTask<List<Draft>> RewriteInnerAsync(
        Page page,
        ReadOnlyMemory<Mutation> mutations,
        CancellationToken cancellation
    )
    {
        // Pages below as they are, and drafts of those that change, in order.
        List<(ReadOnlyMemory<byte> Kept, Draft? New)> below = [];
        for (int i = 0; i < page.Count; i++)
        {
            int count = mutations.Length;
            if (i + 1 < page.Count)
            {
                count = 0;
                while (
                    count < mutations.Length
                    && mutations.Span[count].Key.AsSpan().SequenceCompareTo(page.Key(i + 1)) < 0
                )
                {
                    count++;
                }
            }

            if (count == 0)
            {
                below.Add((page.Entry(i), null));
                continue;
            }

            List<Draft> drafts = await RewriteAsync(
                    page.Child(i),
                    page.Level - 1,
                    mutations[..count],
                    cancellation
                )
                .ConfigureAwait(false);
            mutations = mutations[count..];
            foreach (Draft draft in drafts)
            {
                below.Add((default, draft));
            }
        }

        await JoinSmallAsync(below, page.Level - 1, cancellation).ConfigureAwait(false);
        List<ReadOnlyMemory<byte>> entries = [];
        foreach ((ReadOnlyMemory<byte> kept, Draft? draft) in below)
        {
            entries.Add(
                draft is null ? kept : await WriteAsync(draft, cancellation).ConfigureAwait(false)
            );
        }

        return Draft.Divide(entries, page.Level, _room);
    }

    /// <summary>Joins what has become small with a neighbour, so that pages stay at least about a third full.</summary>
    private async ValueTask JoinSmallAsync(
        List<(ReadOnlyMemory<byte> Kept, Draft? New)> below,
        int level,
        CancellationToken cancellation
    )
    {
        for (int i = 0; i < below.Count && below.Count > 1; i++)
        {
            if (below[i].New is not { } small || small.Cost >= _room / 3)
            {
                continue;
            }

            int left = i > 0 ? i - 1 : i;
            List<ReadOnlyMemory<byte>> entries = [];
            for (int j = left; j <= left + 1; j++)
            {
                if (below[j].New is { } draft)
                {
                    entries.AddRange(draft.Entries);
                    continue;
                }

                Extent place = ChildEntry.ExtentOf(below[j].Kept.Span);
                Page page = await pages
                    .LoadAsync(place, isMap: false, level, cancellation)
                    .ConfigureAwait(false);
                space.Drop(place);
                for (int k = 0; k < page.Count; k++)
                {
                    entries.Add(page.Entry(k));
                }
            }

            List<Draft> joined = Draft.Divide(entries, level, _room);
            below.RemoveRange(left, 2);
            below.InsertRange(
                left,
                joined.Select(draft => (default(ReadOnlyMemory<byte>), (Draft?)draft))
            );
            // One joined page may still be small and have another neighbour; two are not small.
            i = joined.Count == 1 ? left - 1 : left + joined.Count - 1;
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> WriteAsync(
        Draft draft,
        CancellationToken cancellation
    )
    {
        if (!space.TryTake(1, reserve, out uint unit, out _))
        {
            throw new StoreFullException(
                $"The store on '{pages.Device.Name}' is full: delete something, or give it a larger disk."
            );
        }

        Extent place = await pages
            .WriteAsync(
                unit,
                Page.Make(_geometry, generation, draft.Level, draft.Entries),
                0,
                cancellation
            )
            .ConfigureAwait(false);
        return ChildEntry.Make(draft.FirstKey, place);
    }

    private void Add(List<ReadOnlyMemory<byte>> entries, Mutation mutation)
    {
        if (mutation.Entry is { } entry)
        {
            entries.Add(entry.Raw);
            _keys++;
            _bytes += entry.Size;
        }
    }

    private async ValueTask ForgetAsync(ValueEntry entry, CancellationToken cancellation)
    {
        _keys--;
        _bytes -= entry.Size;
        if (!entry.IsInline)
        {
            await _values
                .VisitAsync(entry.Extent, entry.Height, space.Drop, cancellation)
                .ConfigureAwait(false);
        }
    }
}
