using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Morgana.Storage.Tests;

public sealed class EmbeddedStoreTests
{
    private static readonly Gen<string> Part = Gen.OneOf(
        Gen.OneOf("a", "b", "a-b", "a b", "ü", "日本", "'", "\"", "\\", "a.txt", "A"),
        Gen.String[Gen.Char["ab-./é"], 1, 4].Select(s => s.Replace('/', '_'))
    );

    private static readonly Gen<Dictionary<string, byte[]>> Folder = Gen.Select(
            Gen.Select(
                Part,
                Part,
                Part,
                Gen.Int[1, 3],
                (a, b, c, n) => string.Join('/', new[] { a, b, c }.Take(n))
            ),
            Gen.Byte.Array[0, 30]
        )
        .Array[0, 12]
        .Select(pairs =>
        {
            Dictionary<string, byte[]> files = [];
            foreach ((string key, byte[] content) in pairs)
            {
                // A disk has no file that is a folder as well.
                if (
                    !files.Keys.Any(k =>
                        k.StartsWith(key + "/", StringComparison.Ordinal)
                        || key.StartsWith(k + "/", StringComparison.Ordinal)
                    )
                )
                {
                    files[key] = content;
                }
            }

            return files;
        });

    [Fact]
    public void Every_value_is_found_under_its_key_with_its_size_and_digest() =>
        Folder.Sample(
            files =>
            {
                ParsedStore store = ParsedStore.Of(files.Select(f => (f.Key, f.Value)));
                Assert.Equal(files.Count, store.Count);
                foreach ((string key, byte[] content) in files)
                {
                    Assert.True(
                        store.TryRead(Encoding.UTF8.GetBytes(key), out ReadOnlyMemory<byte> value)
                    );
                    Assert.Equal(content, value.ToArray());
                    Assert.Equal(content, Now(store.ReadAsync("/" + key + "/")).ToArray());
                    Assert.Equal(SHA256.HashData(content), Now(store.DigestAsync(key)).ToArray());
                    StoreItem item = Now(store.FindAsync(key))!.Value;
                    Assert.Equal(
                        (key.Split('/')[^1], StoreItemKind.Value, (long)content.Length),
                        (item.Name, item.Kind, item.Size)
                    );
                }
            },
            iter: 500,
            threads: 1
        );

    [Fact]
    public void Folders_list_what_a_disk_would_in_the_order_of_UTF_8() =>
        Folder.Sample(
            files =>
            {
                ParsedStore store = ParsedStore.Of(files.Select(f => (f.Key, f.Value)));
                HashSet<string> folders = [""];
                foreach (string key in files.Keys)
                {
                    for (int at = -1; (at = key.IndexOf('/', at + 1)) >= 0; )
                    {
                        folders.Add(key[..at]);
                    }
                }

                foreach (string folder in folders)
                {
                    string prefix = folder.Length == 0 ? "" : folder + "/";
                    string[] expected =
                    [
                        .. files
                            .Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal))
                            .Select(k => k[prefix.Length..].Split('/')[0])
                            .Distinct()
                            .OrderBy(
                                n => Encoding.UTF8.GetBytes(n),
                                Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))
                            ),
                    ];
                    IReadOnlyList<StoreItem> items = Now(store.ListAsync(folder));
                    Assert.Equal(expected, items.Select(item => item.Name));
                    foreach (StoreItem item in items)
                    {
                        Assert.Equal(item, Now(store.FindAsync(prefix + item.Name)));
                    }
                }
            },
            iter: 500,
            threads: 1
        );

    [Fact]
    public void Parts_of_a_value_are_read_from_any_place() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 50], Gen.Int[0, 50])
            .Sample(
                (content, offset, length) =>
                {
                    ParsedStore store = ParsedStore.Of([("before", [1, 2, 3]), ("x", content)]);
                    byte[] buffer = new byte[length];
                    int read = Now(store.ReadAsync("x", offset, buffer));
                    Assert.Equal(content.Skip(offset).Take(length), buffer.Take(read));
                },
                iter: 500,
                threads: 1
            );

    [Fact]
    public void An_empty_folder_is_a_store_without_keys()
    {
        ParsedStore store = ParsedStore.Of([]);
        Assert.Equal(0, store.Count);
        Assert.Empty(Now(store.ListAsync("")));
        Assert.Null(Now(store.FindAsync("a")));
        Assert.Equal(StoreItemKind.Folder, Now(store.FindAsync("/"))!.Value.Kind);
        Assert.False(store.TryRead("a"u8, out _));
    }

    [Fact]
    public void What_is_not_there_is_told_by_its_key()
    {
        ParsedStore store = ParsedStore.Of([("a/b", [1])]);
        foreach (string key in (string[])["a", "a/", "b", "a/b/c", "", "A/B"])
        {
            Assert.Equal(
                key,
                Assert.Throws<StoreKeyNotFoundException>(() => Now(store.ReadAsync(key))).Key
            );
        }

        Assert.Throws<StoreKeyNotFoundException>(() => Now(store.ListAsync("a/b")));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Now(store.ReadAsync("a/b", -1, new byte[1]))
        );
    }

    [Fact]
    public void Finding_and_reading_allocate_nothing()
    {
        ParsedStore store = ParsedStore.Of(
            Enumerable.Range(0, 100).Select(i => ($"folder/file{i}", new byte[i]))
        );
        // The first rounds cost what the runtime keeps for ever.
        _ = Round();
        _ = Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int sum = Round();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(57_000, sum);
        Assert.Equal(0, allocated);

        int Round()
        {
            int read = 0;
            for (int i = 0; i < 1000; i++)
            {
                _ = store.TryRead("folder/file50"u8, out ReadOnlyMemory<byte> value);
                read += value.Span.Length + Now(store.ReadAsync("folder/file7")).Length;
            }

            return read;
        }
    }

    [Fact]
    public void Values_can_be_pinned_for_native_code()
    {
        ParsedStore store = ParsedStore.Of([("a", [7, 8, 9])]);
        ReadOnlyMemory<byte> value = Now(store.ReadAsync("a"));
        using System.Buffers.MemoryHandle handle = value[1..].Pin();
        unsafe
        {
            Assert.Equal(8, *(byte*)handle.Pointer);
        }
    }

    private static T Now<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }
}
