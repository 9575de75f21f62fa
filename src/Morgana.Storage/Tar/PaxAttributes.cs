using System.Globalization;
using System.Text;

namespace Morgana.Storage.Tar;

/// <summary>Attributes of the next file, or of all that follow: <c>"length key=value\n"</c>, one after the other. Only those are kept that a store has a use for.</summary>
internal sealed class PaxAttributes
{
    /// <summary>The name; null when it is the header's.</summary>
    public byte[]? Path { get; private set; }

    /// <summary>The size; null when it is the header's.</summary>
    public long? Size { get; private set; }

    /// <summary>The time of the last change in seconds since 1970; null when it is the header's.</summary>
    public long? Seconds { get; private set; }

    /// <summary>True for a sparse file of GNU tar, whose contents are not what the file's are.</summary>
    public bool IsSparse { get; private set; }

    /// <summary>Takes attributes in; later ones replace earlier ones.</summary>
    /// <returns>False when they are malformed.</returns>
    public bool TryAdd(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0)
        {
            // What pads the block is zeros.
            if (text[0] == 0)
            {
                return !text.ContainsAnyExcept((byte)0);
            }

            int space = text.IndexOf((byte)' ');
            if (
                space is < 1 or > 9
                || !int.TryParse(
                    text[..space],
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int length
                )
                || length <= space + 1
                || length > text.Length
                || text[length - 1] != '\n'
            )
            {
                return false;
            }

            ReadOnlySpan<byte> pair = text[(space + 1)..(length - 1)];
            int equals = pair.IndexOf((byte)'=');
            if (equals < 1 || !TryTake(pair[..equals], pair[(equals + 1)..]))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    private bool TryTake(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("path"u8))
        {
            Path = value.ToArray();
        }
        else if (key.SequenceEqual("size"u8))
        {
            if (
                !long.TryParse(
                    value,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out long size
                )
            )
            {
                return false;
            }

            Size = size;
        }
        else if (key.SequenceEqual("mtime"u8))
        {
            int point = value.IndexOf((byte)'.');
            Seconds = long.TryParse(
                point < 0 ? value : value[..point],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out long seconds
            )
                ? seconds
                : null;
        }
        else if (key.StartsWith("GNU.sparse."u8))
        {
            IsSparse = true;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Path is null ? "" : Encoding.UTF8.GetString(Path);
}
