using System.Text;

namespace Morgana.Storage;

/// <summary>Keys as all stores have them.</summary>
internal static class StoreKey
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The key without slashes that do not count; the same string when there are none.</summary>
    public static string Normal(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return
            key.StartsWith('/') || key.EndsWith('/') || key.Contains("//", StringComparison.Ordinal)
            ? string.Join('/', key.Split('/', StringSplitOptions.RemoveEmptyEntries))
            : key;
    }

    /// <summary>The last part of a normal key.</summary>
    public static string NameOf(string key) => key[(key.LastIndexOf('/') + 1)..];

    /// <summary>The bytes of a key that a value shall be under.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or no text.</exception>
    public static byte[] ForValue(string key, int most)
    {
        string normal = Normal(key);
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(normal);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException(
                $"'{key}' cannot be a key: it has half a surrogate pair.",
                nameof(key),
                e
            );
        }

        return bytes.Length > 0 && bytes.Length <= most
            ? bytes
            : throw new ArgumentException(
                $"'{key}' cannot be a key of this store: it has {bytes.Length} bytes in UTF-8, and 1 to {most} are possible.",
                nameof(key)
            );
    }

    /// <summary>The order of the names' UTF-8.</summary>
    public static int Compare(string one, string other)
    {
        // UTF-16 has the same order but for surrogates, which stand before U+E000 and belong behind.
        int most = Math.Min(one.Length, other.Length);
        for (int i = 0; i < most; i++)
        {
            if (one[i] != other[i])
            {
                return Rank(one[i]) - Rank(other[i]);
            }
        }

        return one.Length - other.Length;
    }

    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
