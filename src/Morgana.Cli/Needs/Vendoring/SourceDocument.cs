using System.Security.Cryptography;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>A source file that an assembly was compiled from, as its PDB names it.</summary>
/// <param name="Path">Its path when it was compiled, with forward slashes.</param>
/// <param name="Algorithm">What its hash was made with.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Embedded">Its content, when the PDB carries it.</param>
internal sealed record SourceDocument(
    string Path,
    HashAlgorithmName Algorithm,
    byte[] Hash,
    byte[]? Embedded
)
{
    /// <summary>The last part of its path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>
    /// True for a text that the compiler saw as this document. The ends of lines may be the other kind: version control
    /// systems change them.
    /// </summary>
    /// <param name="content">The text; on success as the compiler saw it.</param>
    public bool Matches(ref byte[] content)
    {
        if (Same(content))
        {
            return true;
        }

        byte[] unix = WithoutCarriageReturns(content);
        byte[] windows = WithCarriageReturns(unix);
        foreach (byte[] other in (byte[][])[unix, windows])
        {
            if (Same(other))
            {
                content = other;
                return true;
            }
        }

        return false;
    }

    private bool Same(byte[] content)
    {
        byte[] hash =
            Algorithm == HashAlgorithmName.SHA256 ? SHA256.HashData(content)
            : Algorithm == HashAlgorithmName.SHA384 ? SHA384.HashData(content)
            : Algorithm == HashAlgorithmName.SHA512 ? SHA512.HashData(content)
            : [];
        return hash.Length > 0 && hash.AsSpan().SequenceEqual(Hash);
    }

    private static byte[] WithoutCarriageReturns(byte[] content)
    {
        List<byte> bytes = new(content.Length);
        for (int i = 0; i < content.Length; i++)
        {
            if (content[i] != '\r' || i + 1 == content.Length || content[i + 1] != '\n')
            {
                bytes.Add(content[i]);
            }
        }

        return [.. bytes];
    }

    private static byte[] WithCarriageReturns(byte[] content)
    {
        List<byte> bytes = new(content.Length + (content.Length / 32));
        foreach (byte b in content)
        {
            if (b == '\n')
            {
                bytes.Add((byte)'\r');
            }

            bytes.Add(b);
        }

        return [.. bytes];
    }
}
