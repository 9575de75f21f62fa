using System.Text;
using Morgana.Cli.Needs.Vendoring;

namespace Morgana.Cli.Tests;

public sealed class VendorFolderTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    private VendorFolder Vendor => new(_sandbox.Path("vendor"));

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task What_was_laid_out_is_in_the_index_and_again_changes_nothing()
    {
        Assert.Empty(
            await LayAsync(false, ("A", "1.0.0", "A.csproj", "p"), ("A", "1.0.0", "src/a.cs", "a"))
        );
        SortedDictionary<string, DateTime> before = _sandbox.Snapshot();
        VendoredPackage package = Assert.Single(Vendor.Read());
        Assert.Equal(["A.csproj", "src/a.cs"], package.Files.Keys);
        Assert.Empty(Vendor.Edited(package));
        Assert.True(Vendor.IsUsed);
        await LayAsync(false, ("A", "1.0.0", "A.csproj", "p"), ("A", "1.0.0", "src/a.cs", "a"));
        Assert.Equal(
            before.Where(f => !f.Key.EndsWith("vendor.json", StringComparison.Ordinal)),
            _sandbox.Snapshot().Where(f => !f.Key.EndsWith("vendor.json", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task An_edit_stays_when_its_source_is_the_same()
    {
        await LayAsync(false, ("A", "1.0.0", "a.cs", "a"), ("A", "1.0.0", "b.cs", "b"));
        File.WriteAllText(_sandbox.Path("vendor/A/a.cs"), "mine");
        File.Delete(_sandbox.Path("vendor/A/b.cs"));
        Assert.Equal(["A/a.cs", "A/b.cs"], Vendor.Edited(Vendor.Read()[0]));
        Assert.Equal(
            ["A/a.cs", "A/b.cs"],
            await LayAsync(false, ("A", "1.0.0", "a.cs", "a"), ("A", "1.0.0", "b.cs", "b"))
        );
        Assert.Equal("mine", _sandbox.Read("vendor/A/a.cs"));
        Assert.False(File.Exists(_sandbox.Path("vendor/A/b.cs")));
    }

    [Fact]
    public async Task An_edit_in_the_way_of_another_version_stops_everything_unless_forced()
    {
        await LayAsync(false, ("A", "1.0.0", "a.cs", "a"), ("B", "1.0.0", "b.cs", "b"));
        File.WriteAllText(_sandbox.Path("vendor/A/a.cs"), "mine");
        SortedDictionary<string, DateTime> before = _sandbox.Snapshot();
        (string, string, string, string)[] next =
        [
            ("A", "2.0.0", "a.cs", "a2"),
            ("B", "2.0.0", "b.cs", "b2"),
        ];
        CommandException e = await Assert.ThrowsAsync<CommandException>(() =>
            LayAsync(false, next)
        );
        Assert.Contains("\n  vendor/A/a.cs\n", e.Message, StringComparison.Ordinal);
        Assert.Contains("--force", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, _sandbox.Snapshot());
        await LayAsync(true, next);
        Assert.Equal("a2", _sandbox.Read("vendor/A/a.cs"));
        Assert.Equal("b2", _sandbox.Read("vendor/B/b.cs"));
    }

    [Fact]
    public async Task A_file_that_the_user_made_is_not_written_over_and_outlives_its_package()
    {
        await LayAsync(false, ("A", "1.0.0", "a.cs", "a"));
        File.WriteAllText(_sandbox.Path("vendor/A/new.cs"), "mine");
        await Assert.ThrowsAsync<CommandException>(() =>
            LayAsync(false, ("A", "2.0.0", "a.cs", "a"), ("A", "2.0.0", "new.cs", "theirs"))
        );
        await LayAsync(false, ("B", "1.0.0", "b.cs", "b"));
        Assert.Equal("mine", _sandbox.Read("vendor/A/new.cs"));
        Assert.False(File.Exists(_sandbox.Path("vendor/A/a.cs")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"packages\":[{}]}")]
    [InlineData("{\"packages\":[1]}")]
    public void A_damaged_index_is_an_error_that_says_what_to_do(string text)
    {
        File.WriteAllText(_sandbox.Path("vendor.json"), text);
        Assert.Contains(
            "is damaged",
            Assert
                .Throws<CommandException>(() => VendorIndex.Read(_sandbox.Path("vendor.json")))
                .Message,
            StringComparison.Ordinal
        );
    }

    private Task<IReadOnlyList<string>> LayAsync(
        bool force,
        params (string Id, string Version, string File, string Content)[] files
    ) =>
        Vendor.ApplyAsync(
            [
                .. files
                    .GroupBy(f => (f.Id, f.Version))
                    .Select(g =>
                        (
                            new VendoredPackage
                            {
                                Id = g.Key.Id,
                                Version = g.Key.Version,
                                ContentHash = "aa==",
                                Source = "embedded",
                                Address = "",
                                Commit = "",
                                Licence = "ISC",
                                Files = new(
                                    g.ToDictionary(
                                        f => f.File,
                                        f => VendorFolder.Hash(Encoding.UTF8.GetBytes(f.Content))
                                    )
                                ),
                            },
                            (IReadOnlyList<SourceFile>)
                                [
                                    .. g.Select(f => new SourceFile(
                                        f.File,
                                        Encoding.UTF8.GetBytes(f.Content)
                                    )),
                                ]
                        )
                    ),
            ],
            force,
            CancellationToken.None
        );
}
