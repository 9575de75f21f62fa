namespace Morgana.Dns;

/// <summary>Checks, expands and compares the data of records, by their layouts.</summary>
internal static class RDataWire
{
    /// <summary>Checks data against its layout.</summary>
    public static WireError Check(
        RDataLayout layout,
        ReadOnlySpan<byte> message,
        int offset,
        int length,
        bool inMessage
    )
    {
        var fields = new RDataFieldReader(layout, message, offset, length, inMessage);
        while (fields.MoveNext()) { }
        return fields.Error;
    }

    /// <summary>Length in bytes of checked data with its names expanded.</summary>
    public static int ExpandedLength(
        RDataLayout layout,
        ReadOnlySpan<byte> message,
        int offset,
        int length
    )
    {
        int total = 0;
        var fields = new RDataFieldReader(layout, message, offset, length, inMessage: true);
        while (fields.MoveNext())
        {
            total += fields.IsName ? fields.NameLength : fields.Bytes.Length;
        }

        return total;
    }

    /// <summary>Copies checked data with its names expanded.</summary>
    public static bool TryExpand(
        RDataLayout layout,
        ReadOnlySpan<byte> message,
        int offset,
        int length,
        Span<byte> destination,
        out int written
    )
    {
        written = 0;
        if (!layout.HasNames)
        {
            written = length;
            return message.Slice(offset, length).TryCopyTo(destination);
        }

        var fields = new RDataFieldReader(layout, message, offset, length, inMessage: true);
        while (fields.MoveNext())
        {
            int size = fields.IsName ? fields.NameLength : fields.Bytes.Length;
            if (size > destination.Length - written)
            {
                return false;
            }

            if (fields.IsName)
            {
                WireName.Expand(message, fields.Start, destination[written..]);
            }
            else
            {
                fields.Bytes.CopyTo(destination[written..]);
            }

            written += size;
        }

        return true;
    }

    /// <summary>The canonical order of data (RFC 4034 section 6.3): as octets, with names in lower case where section 6.2 folds them.</summary>
    public static int Compare(RecordType type, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        RDataLayout layout = RDataLayout.Of(type, RecordClass.Internet);
        if (!layout.FoldsCase)
        {
            return left.SequenceCompareTo(right);
        }

        var l = new RDataFieldReader(layout, left, 0, left.Length, inMessage: false);
        var r = new RDataFieldReader(layout, right, 0, right.Length, inMessage: false);
        // Fields before a name have the same length on both sides as long as they are equal, so field by field is octet by octet.
        while (l.MoveNext() & r.MoveNext())
        {
            int order = l.IsName
                ? CompareFolded(l.Bytes, r.Bytes)
                : l.Bytes.SequenceCompareTo(r.Bytes);
            if (order != 0)
            {
                return order;
            }
        }

        // What is not laid out as its type in class IN (other classes, updates) is just octets.
        return l.Error == WireError.None && r.Error == WireError.None
            ? left.Length - right.Length
            : left.SequenceCompareTo(right);
    }

    private static int CompareFolded(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int shared = Math.Min(left.Length, right.Length);
        for (int i = 0; i < shared; i++)
        {
            int order = NameBytes.ToLower(left[i]) - NameBytes.ToLower(right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length - right.Length;
    }
}
