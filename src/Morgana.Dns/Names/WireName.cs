namespace Morgana.Dns;

/// <summary>Finds the extent of names in messages and expands them (RFC 1035 sections 3.1 and 4.1.4).</summary>
internal static class WireName
{
    /// <summary>A pointer can reach 14 bits far.</summary>
    public const int MaxPointer = 0x3fff;

    /// <summary>
    /// Checks the name at <paramref name="offset"/>. The work is bounded by 255 bytes and 127 jumps whatever the message says:
    /// each pointer must go to before the run of labels that it ends, so that the places strictly decrease.
    /// </summary>
    /// <param name="message">The message, or the data of a record on its own.</param>
    /// <param name="offset">Where the name starts.</param>
    /// <param name="mayCompress">Whether pointers are allowed here.</param>
    /// <param name="next">The first byte after the name, in place.</param>
    /// <param name="length">Length of the expanded name in bytes, 1 to 255.</param>
    public static WireError Scan(
        ReadOnlySpan<byte> message,
        int offset,
        bool mayCompress,
        out int next,
        out int length
    )
    {
        next = offset;
        length = 0;
        int at = offset;
        int runStart = offset;
        int jumps = 0;
        while (true)
        {
            if ((uint)at >= (uint)message.Length)
            {
                return WireError.Truncated;
            }

            int first = message[at];
            if (first < 0x40)
            {
                length += first + 1;
                at += first + 1;
                if (length > DnsName.MaxLength)
                {
                    return WireError.NameTooLong;
                }

                if (first != 0)
                {
                    // A root label must still follow, so a name of 255 bytes without it is too long already.
                    continue;
                }

                if (jumps == 0)
                {
                    next = at;
                }

                return WireError.None;
            }

            if (first < 0xc0)
            {
                return WireError.LabelType;
            }

            if (!mayCompress)
            {
                return WireError.CompressionForbidden;
            }

            if (at + 1 >= message.Length)
            {
                return WireError.Truncated;
            }

            int target = (first & 0x3f) << 8 | message[at + 1];
            if (target >= runStart || target < DnsHeader.Size)
            {
                return WireError.PointerNotBackward;
            }

            if (jumps++ == 0)
            {
                next = at + 2;
            }
            else if (jumps > DnsName.MaxLabels)
            {
                return WireError.TooManyPointers;
            }

            at = target;
            runStart = target;
        }
    }

    /// <summary>Copies a name that <see cref="Scan"/> found good, without its pointers.</summary>
    /// <param name="message">The message.</param>
    /// <param name="offset">Where the name starts.</param>
    /// <param name="destination">At least 255 bytes, or the length that Scan gave.</param>
    /// <returns>Bytes written.</returns>
    public static int Expand(ReadOnlySpan<byte> message, int offset, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int first = message[offset];
            if (first >= 0xc0)
            {
                offset = (first & 0x3f) << 8 | message[offset + 1];
                continue;
            }

            message.Slice(offset, first + 1).CopyTo(destination[written..]);
            written += first + 1;
            if (first == 0)
            {
                return written;
            }

            offset += first + 1;
        }
    }

    /// <summary>Compares a good name in a message, compressed or not, with an expanded one; ignores case.</summary>
    public static bool Matches(ReadOnlySpan<byte> message, int offset, ReadOnlySpan<byte> wire)
    {
        while (true)
        {
            int first = message[offset];
            if (first >= 0xc0)
            {
                offset = (first & 0x3f) << 8 | message[offset + 1];
                continue;
            }

            if (first != wire[0])
            {
                return false;
            }

            if (first == 0)
            {
                return true;
            }

            if (
                !NameBytes.EqualIgnoringCase(message.Slice(offset + 1, first), wire.Slice(1, first))
            )
            {
                return false;
            }

            offset += first + 1;
            wire = wire[(first + 1)..];
        }
    }
}
