using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Morgana.Runtime;
using Morgana.Storage.FileProviders;

namespace Morgana.Storage.Tests;

public class FileProviderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_are_files_and_keys_are_paths()
    {
        KeyValueStore store = await KeyValueStore.MountAsync(
            new MemoryBlockDevice(new byte[1 << 20]),
            cancellation: Token
        );
        await store.SetAsync("css/site.css", "body"u8.ToArray(), Token);
        await store.SetAsync("index.html", StoreModel.Value(1, 70_000), Token);
        using StoreFileProvider files = new(store);
        IFileInfo css = files.GetFileInfo("/css/site.css");
        Assert.True(
            css
                is {
                    Exists: true,
                    IsDirectory: false,
                    Length: 4,
                    Name: "site.css",
                    PhysicalPath: null
                }
        );
        Assert.Equal(DateTimeOffset.UtcNow, css.LastModified, TimeSpan.FromMinutes(5));
        using StreamReader reader = new(css.CreateReadStream());
        Assert.Equal("body", await reader.ReadToEndAsync(Token));
        await using Stream index = files.GetFileInfo("index.html").CreateReadStream();
        MemoryStream copy = new();
        index.CopyTo(copy, 777);
        Assert.Equal(StoreModel.Value(1, 70_000), copy.ToArray());
        Assert.False(files.GetFileInfo("css").Exists);
        Assert.False(files.GetFileInfo("nothing/x").Exists);
        Assert.Equal("x", files.GetFileInfo("nothing/x").Name);
        Assert.Equal(
            ["css True", "index.html False"],
            files.GetDirectoryContents("").Select(file => $"{file.Name} {file.IsDirectory}")
        );
        Assert.Equal("site.css", Assert.Single(files.GetDirectoryContents("/css/")).Name);
        Assert.False(files.GetDirectoryContents("nothing").Exists);
    }

    [Fact]
    public async Task Change_tokens_tell_once_of_what_their_filter_fits()
    {
        KeyValueStore store = await KeyValueStore.MountAsync(
            new MemoryBlockDevice(new byte[1 << 20]),
            cancellation: Token
        );
        using StoreFileProvider files = new(store);
        IChangeToken css = files.Watch("**/*.css");
        IChangeToken html = files.Watch("index.html");
        int told = 0;
        using IDisposable listening = ChangeToken.OnChange(() => files.Watch("css/"), () => told++);
        await store.SetAsync("css/site.css", "x"u8.ToArray(), Token);
        Assert.True(css.HasChanged);
        Assert.False(html.HasChanged);
        Assert.False(files.Watch("**/*.css").HasChanged);
        await store.SetAsync("css/deep/site.js", "x"u8.ToArray(), Token);
        await store.SetAsync("js/x", "x"u8.ToArray(), Token);
        Assert.Equal(2, told);
        await store.SetAsync("index.html", "x"u8.ToArray(), Token);
        _ = await store.DeleteAsync("index.html", Token);
        Assert.True(html.HasChanged);
    }

    [Theory]
    [InlineData("a/b.txt", "a/b.txt", true)]
    [InlineData("/A/B.TXT", "a/b.txt", true)]
    [InlineData("a/*", "a/b.txt", true)]
    [InlineData("*", "a/b.txt", false)]
    [InlineData("**", "a/b.txt", true)]
    [InlineData("**/*.txt", "b.txt", true)]
    [InlineData("a/**/c/*.t*t", "a/x/y/c/b.txt", true)]
    [InlineData("a/**/c/*.t*t", "a/x/y/d/b.txt", false)]
    [InlineData("a/", "a/x/y", true)]
    [InlineData("a/", "ab", false)]
    [InlineData("**/**/**/**/z", "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", false)]
    public void Filters_fit_paths(string filter, string path, bool fits) =>
        Assert.Equal(fits, new FilePattern(filter).Fits(path));
}
