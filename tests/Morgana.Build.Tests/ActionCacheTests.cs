using Morgana.Build.Caching;

namespace Morgana.Build.Tests;

public sealed class ActionCacheTests : IDisposable
{
    private const long Large = 1 << 30;
    private static readonly string Key = new('a', 64);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private ActionCache Open(long limit = Large) => new(folder["cache"], limit);

    [Fact]
    public void What_was_stored_is_restored()
    {
        string made = folder.Write("made", "content");
        Open().Keep(Key, [made]);
        File.Delete(made);

        Assert.True(Open().TryRestore(Key, [made]));
        Assert.Equal("content", folder.Read("made"));
    }

    [Fact]
    public void An_edit_in_the_work_tree_does_not_reach_the_cache()
    {
        string made = folder.Write("made", "content");
        Open().Keep(Key, [made]);
        Assert.True(Open().TryRestore(Key, [made]));
        File.AppendAllText(made, "edit");

        Assert.True(Open().TryRestore(Key, [made]));
        Assert.Equal("content", folder.Read("made"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("other")]
    [InlineData("content and more")]
    public void A_damaged_content_is_a_miss_and_is_gone_afterwards(string damage)
    {
        string made = folder.Write("made", "content");
        Open().Keep(Key, [made]);
        string kept = Assert.Single(
            Directory.GetFiles(folder["cache/v1/contents"], "*", SearchOption.AllDirectories)
        );
        File.WriteAllText(kept, damage);
        File.WriteAllText(made, "mine");

        Assert.False(Open().TryRestore(Key, [made]));
        Assert.Equal("mine", folder.Read("made"));
        Assert.False(File.Exists(kept));

        File.WriteAllText(made, "content");
        Open().Keep(Key, [made]);
        Assert.True(Open().TryRestore(Key, [made]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"outputs":[{"hash":"../../etc/passwd","executable":false}]}""")]
    [InlineData("""{"outputs":[null]}""")]
    [InlineData("""{"outputs":[]}""")]
    public void A_damaged_entry_is_a_miss(string damage)
    {
        string made = folder.Write("made", "content");
        Open().Keep(Key, [made]);
        string entry = Assert.Single(
            Directory.GetFiles(folder["cache/v1/actions"], "*", SearchOption.AllDirectories)
        );
        File.WriteAllText(entry, damage);

        Assert.False(Open().TryRestore(Key, [made]));
    }

    [Fact]
    public void Programs_stay_programs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such bit.");
        string made = folder.Write("made", "content");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(made, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Open().Keep(Key, [made]);
            File.Delete(made);
            Assert.True(Open().TryRestore(Key, [made]));
            Assert.True(File.GetUnixFileMode(made).HasFlag(UnixFileMode.UserExecute));
        }
    }

    [Fact]
    public void What_was_not_used_for_longest_goes_first()
    {
        ActionCache cache = Open(4000);
        string[] keys = [.. "bcdef".Select(c => new string(c, 64))];
        foreach ((int i, string key) in keys.Index())
        {
            string made = folder.Write($"made{i}", new string((char)('0' + i), 1000));
            cache.Keep(key, [made]);
            foreach (
                string file in Directory.GetFiles(folder["cache"], "*", SearchOption.AllDirectories)
            )
            {
                // Older with each round: the first are the oldest.
                File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddHours(-1));
            }
        }

        Assert.True(cache.TryRestore(keys[0], [folder["made0"]]));
        Assert.True(cache.Trim(now: true) > 0);

        Assert.True(cache.TryRestore(keys[0], [folder["made0"]]));
        Assert.False(cache.TryRestore(keys[1], [folder["made1"]]));
        Assert.True(cache.TryRestore(keys[4], [folder["made4"]]));
        long size = new DirectoryInfo(folder["cache"])
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(file => file.Length);
        Assert.True(size <= 4000, $"{size} bytes are left of at most 4000");
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_no_error()
    {
        string made = folder.Write("made", "content");
        // A file where the folder should be.
        ActionCache cache = new(made, Large);

        cache.Keep(Key, [made]);
        cache.StoreNames(Key, ["x"]);

        Assert.False(cache.TryRestore(Key, [made]));
        Assert.Null(cache.FindNames(Key));
        Assert.Equal(0, cache.Trim(now: true));
    }

    [Fact]
    public void Builds_that_store_and_restore_the_same_at_once_never_see_halves()
    {
        string text = new('x', 100_000);
        _ = Parallel.For(
            0,
            40,
            i =>
            {
                string made = folder.Write($"{i}/made", text);
                Open().Keep(Key, [made]);
                File.Delete(made);
                if (Open().TryRestore(Key, [made]))
                {
                    Assert.Equal(text, folder.Read($"{i}/made"));
                }
            }
        );
        Assert.True(Open().TryRestore(Key, [folder["made"]]));
        Assert.Equal(text, folder.Read("made"));
        Assert.Empty(Directory.GetFiles(folder["cache"], "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_was_changed_after_the_action_is_not_stored_as_what_it_made()
    {
        string made = folder.Write("made", "changed since");

        Open().Store(Key, [made], [new string('0', 64)]);

        Assert.False(Open().TryRestore(Key, [made]));
    }
}

/// <summary>Stores what is there now.</summary>
internal static class Storing
{
    public static void Keep(this ActionCache cache, string key, IReadOnlyList<string> outputs) =>
        cache.Store(
            key,
            outputs,
            [
                .. outputs.Select(path =>
                    File.Exists(path)
                        ? Convert.ToHexStringLower(
                            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))
                        )
                        : ""
                ),
            ]
        );
}
