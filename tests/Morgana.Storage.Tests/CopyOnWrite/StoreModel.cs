using System.Security.Cryptography;
using Morgana.Runtime;

namespace Morgana.Storage.Tests;

/// <summary>What a store must hold, as a dictionary, and what it does hold.</summary>
internal static class StoreModel
{
    /// <summary>All values of a store, by its own lists; each is read whole, in parts, and compared with its digest.</summary>
    public static async Task<SortedDictionary<string, byte[]>> ReadAllAsync(IReadOnlyStore store)
    {
        SortedDictionary<string, byte[]> all = new(StringComparer.Ordinal);
        await ReadFolderAsync(store, "", all);
        return all;
    }

    public static void AssertSame(
        IReadOnlyDictionary<string, byte[]> expected,
        IReadOnlyDictionary<string, byte[]> actual
    ) => Assert.Null(Difference(expected, actual));

    public static string? Difference(
        IReadOnlyDictionary<string, byte[]> expected,
        IReadOnlyDictionary<string, byte[]> actual
    )
    {
        foreach ((string key, byte[] value) in expected)
        {
            if (!actual.TryGetValue(key, out byte[]? other))
            {
                return $"'{key}' is missing";
            }

            if (!value.AsSpan().SequenceEqual(other))
            {
                return $"'{key}' has another value";
            }
        }

        return actual.Keys.FirstOrDefault(key => !expected.ContainsKey(key)) is { } more
            ? $"'{more}' is too many"
            : null;
    }

    public static byte[] Value(int seed, int size)
    {
        byte[] value = new byte[size];
        new Random(seed).NextBytes(value);
        return value;
    }

    private static async Task ReadFolderAsync(
        IReadOnlyStore store,
        string folder,
        SortedDictionary<string, byte[]> all
    )
    {
        foreach (StoreItem item in await store.ListAsync(folder))
        {
            string key = folder.Length == 0 ? item.Name : $"{folder}/{item.Name}";
            if (item.Kind == StoreItemKind.Folder)
            {
                await ReadFolderAsync(store, key, all);
                continue;
            }

            byte[] value = (await store.ReadAsync(key)).ToArray();
            Assert.Equal(item.Size, value.Length);
            Assert.Equal(SHA256.HashData(value), (await store.DigestAsync(key)).ToArray());
            byte[] part = new byte[value.Length / 2 + 1];
            int count = await store.ReadAsync(key, value.Length / 3, part);
            Assert.Equal(value.AsSpan(value.Length / 3, count), part.AsSpan(0, count));
            Assert.Equal(Math.Min(part.Length, value.Length - value.Length / 3), count);
            all.Add(key, value);
        }
    }
}
