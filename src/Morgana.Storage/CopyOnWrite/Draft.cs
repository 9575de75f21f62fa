namespace Morgana.Storage.CopyOnWrite;

/// <summary>A page of the tree that is not written yet.</summary>
/// <param name="level">0 for a leaf.</param>
internal sealed class Draft(int level)
{
    public int Level => level;

    public List<ReadOnlyMemory<byte>> Entries { get; } = [];

    /// <summary>Bytes that the entries take.</summary>
    public int Cost { get; private set; }

    public ReadOnlySpan<byte> FirstKey =>
        level == 0 ? ValueEntry.KeyOf(Entries[0].Span) : ChildEntry.KeyOf(Entries[0].Span);

    public void Add(ReadOnlyMemory<byte> entry)
    {
        Entries.Add(entry);
        Cost += Page.CostOf(entry);
    }

    /// <summary>Divides entries among as few pages as can be, about equally full.</summary>
    public static List<Draft> Divide(List<ReadOnlyMemory<byte>> entries, int level, int room)
    {
        int total = 0;
        foreach (ReadOnlyMemory<byte> entry in entries)
        {
            total += Page.CostOf(entry);
        }

        int fewest = (total + room - 1) / room;
        List<Draft> drafts = [];
        foreach (ReadOnlyMemory<byte> entry in entries)
        {
            if (
                drafts.Count == 0
                || drafts[^1].Cost + Page.CostOf(entry) > room
                || (drafts.Count < fewest && drafts[^1].Cost >= total / fewest)
            )
            {
                drafts.Add(new Draft(level));
            }

            drafts[^1].Add(entry);
        }

        return drafts;
    }
}
