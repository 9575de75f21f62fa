using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Morgana.Cli.Needs.Vendoring;

namespace Morgana.Cli.Tests;

public sealed class SourcesTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    public void Dispose()
    {
        // Git's own files are read-only.
        foreach (
            string file in Directory.EnumerateFiles(_sandbox.Root, "*", SearchOption.AllDirectories)
        )
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        _sandbox.Dispose();
    }

    [Fact]
    public void A_PDB_names_the_sources_of_its_assembly_with_their_hashes()
    {
        string assembly = typeof(Morgana.Elf.ElfCommand).Assembly.Location;
        SourceDocuments documents = SourceDocuments.Find(
            assembly,
            "lib/net10.0/Morgana.Elf.dll",
            "none",
            []
        )!;
        List<SourceDocument> own =
        [
            .. documents.Documents.Where(d =>
                d.Path.Contains("/src/Morgana.Elf/", StringComparison.Ordinal)
                && !d.Path.Contains("/obj/", StringComparison.Ordinal)
            ),
        ];
        Assert.NotEmpty(own);
        Assert.All(
            own,
            document =>
            {
                byte[] content = File.ReadAllBytes(
                    Path.Combine(
                        UnikernelSandbox.Checkout,
                        document.Path[
                            (
                                document.Path.IndexOf("/src/Morgana.Elf/", StringComparison.Ordinal)
                                + 1
                            )..
                        ]
                    )
                );
                Assert.True(document.Matches(ref content), document.Path);
                byte[] other = [.. content, (byte)' '];
                Assert.False(document.Matches(ref other));
            }
        );
        Assert.Equal("C#", documents.Options["language"]);
    }

    [Fact]
    public void Other_ends_of_lines_are_the_same_source()
    {
        SourceDocument document = new(
            "/_/a.cs",
            HashAlgorithmName.SHA256,
            SHA256.HashData("a\r\nb\r\n"u8),
            null
        );
        byte[] unix = "a\nb\n"u8.ToArray();
        Assert.True(document.Matches(ref unix));
        Assert.Equal("a\r\nb\r\n"u8.ToArray(), unix);
    }

    [Theory]
    [InlineData(
        "/_/obj/System.Text.RegularExpressions.Generator/System.Text.RegularExpressions.Generator.RegexGenerator/R.g.cs",
        "System.Text.RegularExpressions.Generator"
    )]
    [InlineData("/_/src/A.B/Ip/Packet.cs", null)]
    [InlineData("/_/a.cs", null)]
    public void Files_of_source_generators_are_told_by_their_folders(
        string path,
        string? generator
    ) =>
        Assert.Equal(
            generator,
            DocumentSources.GeneratorOf(new(path, HashAlgorithmName.SHA256, [], null))
        );

    [Fact]
    public async Task Sources_come_from_the_commit_that_a_package_names_if_their_hashes_agree()
    {
        string commit = Repository(
            ("lib/a.cs", "class A;"),
            ("other/a.cs", "class Other;"),
            ("lib/b.cs", "class B;")
        );
        string address = new Uri(_sandbox.Path("repository")).AbsoluteUri;
        GitRepository repository = await GitRepository.FetchAsync(
            _sandbox.Path("cache"),
            address,
            commit,
            CancellationToken.None
        );
        Assert.Equal(
            ["lib/a.cs", "other/a.cs"],
            await repository.NamedAsync("a.cs", CancellationToken.None)
        );
        Assert.Equal(
            "class A;",
            Encoding.UTF8.GetString(await repository.ReadAsync("lib/a.cs", CancellationToken.None))
        );
        await repository.CheckOutAsync(_sandbox.Path("tree"), CancellationToken.None);
        Assert.Equal("class B;", _sandbox.Read("tree/lib/b.cs"));
    }

    [Theory]
    [InlineData("https://host.invalid/x", "--upload-pack=touch")]
    [InlineData("ext::sh -c touch", "0123456789")]
    [InlineData("--upload-pack=touch", "0123456789")]
    public async Task What_git_could_take_for_an_option_never_reaches_it(
        string address,
        string commit
    ) =>
        await Assert.ThrowsAsync<SourcesException>(() =>
            GitRepository.FetchAsync(
                _sandbox.Path("cache"),
                address,
                commit,
                CancellationToken.None
            )
        );

    [Fact]
    public async Task A_commit_that_is_not_there_is_told_with_git_s_reason()
    {
        Repository(("a.cs", "class A;"));
        SourcesException e = await Assert.ThrowsAsync<SourcesException>(() =>
            GitRepository.FetchAsync(
                _sandbox.Path("cache"),
                new Uri(_sandbox.Path("repository")).AbsoluteUri,
                new string('7', 40),
                CancellationToken.None
            )
        );
        Assert.Contains("which git cannot fetch", e.Message, StringComparison.Ordinal);
    }

    private string Repository(params (string Path, string Content)[] files)
    {
        foreach ((string path, string content) in files)
        {
            string full = _sandbox.Path("repository/" + path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, content);
        }

        Git("init", "--quiet");
        Git("add", ".");
        Git(
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.test",
            "-c",
            "commit.gpgsign=false",
            "commit",
            "--quiet",
            "-m",
            "one"
        );
        return Git("rev-parse", "HEAD").Trim();
    }

    private string Git(params string[] arguments)
    {
        using Process git = Process.Start(
            new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = _sandbox.Path("repository"),
                RedirectStandardOutput = true,
            }
        )!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
