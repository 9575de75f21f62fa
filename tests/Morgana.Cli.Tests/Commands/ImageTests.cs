namespace Morgana.Cli.Tests;

public class ImageTests
{
    [Theory]
    [InlineData("--tar")]
    [InlineData("--store")]
    public async Task A_folder_goes_into_an_image_and_comes_out_again_and_the_image_is_always_the_same(
        string form
    )
    {
        using UnikernelSandbox sandbox = new();
        string[] size = form == "--store" ? ["--size", "4M"] : [];
        Write(sandbox, "site/index.html", "index");
        Write(sandbox, "site/deep/" + new string('n', 120) + "/é", new string('x', 100_000));
        Write(sandbox, "site/empty", "");
        foreach (string name in (string[])["one", "two"])
        {
            Assert.Equal(0, await sandbox.RunAsync(["image", form, "site", .. size, "-o", name]));
            // Another time and another order of making must not show.
            File.SetLastWriteTimeUtc(
                Path.Combine(sandbox.Root, "site/index.html"),
                new DateTime(2001, 2, 3)
            );
        }

        byte[] image = File.ReadAllBytes(Path.Combine(sandbox.Root, "one"));
        Assert.Equal(image, File.ReadAllBytes(Path.Combine(sandbox.Root, "two")));
        Assert.Equal(0, image.Length % 32768);
        Assert.Equal(0, await sandbox.RunAsync("image", "--list", "one"));
        Assert.Contains(
            "1970-01-01 00:00:00             5  index.html",
            sandbox.Out,
            StringComparison.Ordinal
        );
        Assert.Equal(0, await sandbox.RunAsync("image", "--check", "one"));
        Assert.Contains("3 ", sandbox.Out, StringComparison.Ordinal);
        Assert.Equal(0, await sandbox.RunAsync("image", "--extract", "one", "-o", "out"));
        Assert.Equal(
            new string('x', 100_000),
            File.ReadAllText(Path.Combine(sandbox.Root, "out/deep", new string('n', 120), "é"))
        );
        Assert.Equal("", File.ReadAllText(Path.Combine(sandbox.Root, "out/empty")));
        Assert.Equal(2, await sandbox.RunAsync("image", "--extract", "one", "-o", "out"));
        Assert.Equal(2, await sandbox.RunAsync(["image", form, "site", .. size, "-o", "one"]));
        Assert.Equal(
            0,
            await sandbox.RunAsync(["image", form, "site", .. size, "-o", "one", "--force"])
        );
    }

    [Fact]
    public async Task Damage_is_found_and_what_is_neither_is_refused()
    {
        using UnikernelSandbox sandbox = new();
        Write(sandbox, "site/a", new string('x', 5000));
        Assert.Equal(
            0,
            await sandbox.RunAsync("image", "--store", "site", "--size", "1M", "-o", "disk")
        );
        string path = Path.Combine(sandbox.Root, "disk");
        byte[] disk = File.ReadAllBytes(path);
        int at = disk.AsSpan().IndexOf("xxxxxxxxxxxx"u8);
        disk[at + 1000] = (byte)'y';
        File.WriteAllBytes(path, disk);
        Assert.Equal(1, await sandbox.RunAsync("image", "--check", "disk"));
        Assert.Contains("part of 'a'", sandbox.Error, StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)7, 1 << 20)]);
        Assert.Equal(1, await sandbox.RunAsync("image", "--check", "disk"));
        Assert.Contains("no good tar archive", sandbox.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Give exactly one of")]
    [InlineData("Give exactly one of", "--list", "a", "--check", "b")]
    [InlineData("Say how large", "--store", "-o", "disk")]
    [InlineData("do not fit", "--store", "site", "--size", "400k", "-o", "disk")]
    [InlineData("write a number of bytes", "--store", "--size", "many", "-o", "disk")]
    [InlineData("needs", "--store", "--size", "64k", "-o", "disk")]
    [InlineData("--size says nothing to --list", "--list", "a", "--size", "1M")]
    [InlineData("no such folder", "--tar", "nothing", "-o", "disk")]
    [InlineData("no such file", "--list", "nothing")]
    public async Task What_is_wrong_is_said_and_nothing_is_left_behind(
        string message,
        params string[] arguments
    )
    {
        using UnikernelSandbox sandbox = new();
        Write(sandbox, "site/a", new string('x', 500_000));
        Assert.NotEqual(0, await sandbox.RunAsync(["image", .. arguments]));
        Assert.Contains(message, sandbox.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(sandbox.Root, "disk*"));
    }

    private static void Write(UnikernelSandbox sandbox, string name, string text)
    {
        string path = Path.Combine(sandbox.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
