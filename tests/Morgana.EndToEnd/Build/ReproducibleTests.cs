using System.Security.Cryptography;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Build;

/// <summary>The same sources make the same images, wherever and whenever they are built. The cache is off: it would make this true by itself.</summary>
public sealed class ReproducibleTests
{
    [Fact]
    public async Task Two_checkouts_in_different_folders_build_the_same_images()
    {
        using CheckoutCopy one = new("one");
        using CheckoutCopy other = new("another/folder/further/down");
        Dictionary<string, string> first = await BuildAsync(one);
        Dictionary<string, string> second = await BuildAsync(other);

        Assert.Contains("hello.x64.spt", first.Keys);
        Assert.Contains("hello.arm64.spt", first.Keys);
        Assert.Contains("linked hello.arm64.spt", first.Keys);
        Assert.Contains("hello.x64.hvt", first.Keys);
        Assert.Contains("hello.arm64.hvt", first.Keys);
        Assert.Equal(first, second);
    }

    private static async Task<Dictionary<string, string>> BuildAsync(CheckoutCopy copy)
    {
        ProcessResult result = await RunningProcess.RunAsync(
            "env",
            [
                "MORGANA_CACHE=off",
                // Properties by the environment reach this project only as defaults.
                "MorganaArchitectures=x64;arm64",
                "MorganaGeneratedContexts=false",
                "dotnet",
                "build",
                copy.Hello,
                // What the checkout is configured for may have no arm64 (virtio).
                "-p:MorganaTargets=\"spt;hvt\"",
                "-nologo",
            ],
            TimeSpan.FromMinutes(10)
        );
        Assert.True(result.Code == 0, result.Output);
        // With the images that have symbols: what a debugger shows is the same as well.
        string work = Path.Combine(copy.Hello, "obj", "Release", "net10.0", "morgana");
        return Directory
            .GetFiles(Path.Combine(copy.Hello, "dist"))
            .Concat(Directory.GetFiles(work, "hello*.spt", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(work, "hello*.hvt", SearchOption.AllDirectories))
            .ToDictionary(
                path =>
                    path.StartsWith(work, StringComparison.Ordinal)
                        ? "linked " + Path.GetFileName(path)
                        : Path.GetFileName(path),
                path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))
            );
    }
}
