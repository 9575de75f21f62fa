using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Morgana.Build.Hashing;

namespace Morgana.Build.Tests;

public sealed class HashingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static string Sha(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_hash_is_that_of_the_content()
    {
        string file = folder.Write("file", "content");

        Assert.Equal(Sha("content"), new FileHashes(folder["state"]).Of(file));
        Assert.Equal("", new FileHashes(folder["state"]).Of(folder["none"]));
    }

    [Fact]
    public void An_edit_of_the_same_size_in_the_same_moment_is_seen()
    {
        FileHashes hashes = new(folder["state"]);
        for (int i = 0; i < 50; i++)
        {
            string text = i.ToString("d4", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(Sha(text), hashes.Of(folder.Write("file", text)));
        }
    }

    [Fact]
    public void What_is_remembered_is_not_read_again()
    {
        string file = folder.Write("file", "content");
        FileHashes first = new(folder["state"]);
        // Its time of change cannot be set back: it takes a moment to be old enough.
        while (!File.Exists(folder["state/hashes"]))
        {
            _ = first.Of(file);
            first.Save();
        }

        string memory = Directory.GetFiles(folder["state"]).Single();
        File.WriteAllText(
            memory,
            File.ReadAllText(memory).Replace(Sha("content"), Sha("other"), StringComparison.Ordinal)
        );

        Assert.Equal(Sha("other"), new FileHashes(folder["state"]).Of(file));
    }

    [Fact]
    public void A_damaged_memory_is_no_memory() =>
        Gen.String[0, 300]
            .Sample(
                text =>
                {
                    string file = folder.Write("file", "content");
                    _ = folder.Write("state/hashes", "morgana-hashes 2\n" + text);
                    Assert.Equal(Sha("content"), new FileHashes(folder["state"]).Of(file));
                },
                iter: 200,
                threads: 1
            );

    [Fact]
    public void Folders_have_names_and_names_folders()
    {
        PathNames names = new(
            new Dictionary<string, string>
            {
                ["/home/me/checkout"] = "<checkout>",
                ["/home/me/checkout/unikernels/hello"] = "<project>",
            }
        );

        Assert.Equal("-I<checkout>/native", names.Map("-I/home/me/checkout/native"));
        Assert.Equal("<project>/a.cs", names.Map("/home/me/checkout/unikernels/hello/a.cs"));
        Assert.Equal("/home/me/checkout/unikernels/hello/a.cs", names.Unmap("<project>/a.cs"));
        Assert.Equal("/usr/include/x.h", names.Unmap(names.Map("/usr/include/x.h")));
        // The folder beside it is another one.
        Assert.Equal("/home/me/checkout2/a", names.Map("/home/me/checkout2/a"));
        Assert.Equal("<checkout>=/_/,x", names.Map("/home/me/checkout=/_/,x"));
    }

    [Fact]
    public void A_file_that_was_replaced_by_one_of_the_same_size_and_times_is_another_one()
    {
        DateTime time = DateTime.UtcNow.AddMinutes(-5);
        string file = folder.Write("file", "one");
        File.SetLastWriteTimeUtc(file, time);
        File.SetLastWriteTimeUtc(folder.Write("other", "two"), time);
        FileHashes hashes = new(folder["state"]);
        Assert.Equal(Sha("one"), hashes.Of(file));

        File.Move(folder["other"], file, overwrite: true);

        Assert.Equal(Sha("two"), hashes.Of(file));
    }

    [Fact]
    public void Paths_of_folders_come_back() =>
        Gen.String[Gen.Char["ab/c"], 0, 20]
            .Sample(rest =>
            {
                PathNames names = new(
                    new Dictionary<string, string> { ["/r/p"] = "<p>", ["/r"] = "<r>" }
                );
                string path = "/r/" + rest;
                Assert.Equal(path, names.Unmap(names.Map(path)));
            });
}
