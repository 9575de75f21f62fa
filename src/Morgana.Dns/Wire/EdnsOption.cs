using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>One option of an OPT record (RFC 6891 section 6.1.2).</summary>
public readonly ref struct EdnsOption
{
    internal EdnsOption(EdnsOptionCode code, ReadOnlySpan<byte> data)
    {
        Code = code;
        Data = data;
    }

    /// <summary>Bytes before the data: code and length.</summary>
    public const int HeaderSize = 4;

    /// <summary>What the option is.</summary>
    public EdnsOptionCode Code { get; }

    /// <summary>Its data, 0 to 65,531 bytes.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Appends an option to a list of options that is being made.</summary>
    /// <param name="options">The buffer of the list.</param>
    /// <param name="length">How much of it is in use, in bytes; grows by 4 + the data's length.</param>
    /// <param name="code">What the option is.</param>
    /// <param name="data">Its data, at most 65,531 bytes.</param>
    /// <returns>False when there is no room: then nothing was written.</returns>
    public static bool TryAppend(
        Span<byte> options,
        ref int length,
        EdnsOptionCode code,
        ReadOnlySpan<byte> data
    )
    {
        Span<byte> rest = options[length..];
        if (data.Length > ushort.MaxValue - HeaderSize || rest.Length < HeaderSize + data.Length)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)code);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)data.Length);
        data.CopyTo(rest[HeaderSize..]);
        length += HeaderSize + data.Length;
        return true;
    }

    /// <summary>Appends an extended DNS error (RFC 8914).</summary>
    /// <param name="options">The buffer of the list.</param>
    /// <param name="length">How much of it is in use, in bytes.</param>
    /// <param name="code">What happened.</param>
    /// <param name="text">More about it in UTF-8; may be empty, at most 255 bytes here.</param>
    /// <returns>False when there is no room or the text is too long: then nothing was written.</returns>
    public static bool TryAppendExtendedError(
        Span<byte> options,
        ref int length,
        ExtendedErrorCode code,
        ReadOnlySpan<byte> text = default
    )
    {
        if (text.Length > byte.MaxValue)
        {
            return false;
        }

        Span<byte> data = stackalloc byte[2 + byte.MaxValue];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)code);
        text.CopyTo(data[2..]);
        return TryAppend(
            options,
            ref length,
            EdnsOptionCode.ExtendedError,
            data[..(2 + text.Length)]
        );
    }
}

/// <summary>Goes through the options of an OPT record.</summary>
public ref struct EdnsOptionEnumerator
{
    private ReadOnlySpan<byte> _rest;

    internal EdnsOptionEnumerator(ReadOnlySpan<byte> options)
    {
        _rest = options;
        Current = default;
    }

    /// <summary>The option.</summary>
    public EdnsOption Current { get; private set; }

    /// <summary>Goes to the next option; false after the last.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < EdnsOption.HeaderSize)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        Current = new EdnsOption(
            (EdnsOptionCode)BinaryPrimitives.ReadUInt16BigEndian(_rest),
            _rest.Slice(EdnsOption.HeaderSize, length)
        );
        _rest = _rest[(EdnsOption.HeaderSize + length)..];
        return true;
    }
}
