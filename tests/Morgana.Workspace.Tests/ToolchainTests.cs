using Morgana.Workspace.Toolchains;

namespace Morgana.Workspace.Tests;

public sealed class ToolchainTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(
        AppContext.BaseDirectory,
        "toolchains",
        "x64",
        "toolchain.json"
    );
    private static readonly string Native = Path.Combine(AppContext.BaseDirectory, "native");
    private readonly string _folder = Directory
        .CreateTempSubdirectory("morgana-toolchain-")
        .FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shipped_toolchain_is_read_and_its_sources_are_there()
    {
        Toolchain toolchain = Toolchain.Load(Shipped);
        Assert.Equal("x64", toolchain.Architecture);
        IReadOnlyList<string> sources = toolchain.SourceFiles(Native, "spt");
        Assert.Contains(
            sources,
            source => source.EndsWith("switch_x86_64.S", StringComparison.Ordinal)
        );
        Assert.Contains(
            sources,
            source => source.EndsWith("bindings/spt/start.c", StringComparison.Ordinal)
        );
        Assert.True(File.Exists(Path.Combine(Native, toolchain.Target("spt").LinkerScript)));
    }

    [Fact]
    public void The_arm64_toolchain_takes_the_same_sources_but_those_of_the_processor()
    {
        var arm64 = Toolchain.Load(Shipped.Replace("x64", "arm64", StringComparison.Ordinal));
        Assert.Equal("arm64", arm64.Architecture);
        string[] sources =
        [
            .. arm64
                .SourceFiles(Native, "spt")
                .Select(source => Path.GetRelativePath(Native, source))
                // What the other processor has no need of.
                .Where(source =>
                    source is not ("start/features_aarch64.c" or "libc/caches_aarch64.c")
                ),
        ];
        Assert.Equal(
            Toolchain
                .Load(Shipped)
                .SourceFiles(Native, "spt")
                .Select(source =>
                    Path.GetRelativePath(Native, source)
                        .Replace("x86_64", "aarch64", StringComparison.Ordinal)
                ),
            sources
        );
        Assert.True(File.Exists(Path.Combine(arm64.Folder, arm64.PureMembers)));
    }

    [Fact]
    public void An_archive_that_is_nowhere_is_an_error_that_says_how_to_get_it()
    {
        string folder = Path.Combine(_folder, "toolchains", "arm64");
        _ = Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "toolchain.json"),
            File.ReadAllText(Shipped.Replace("x64", "arm64", StringComparison.Ordinal))
                .Replace("\"/usr/lib/", "\"nowhere/", StringComparison.Ordinal)
                .Replace("\"{cache}/", "\"nowhere/", StringComparison.Ordinal)
        );
        var toolchain = Toolchain.Load(Path.Combine(folder, "toolchain.json"));
        WorkspaceException error = Assert.Throws<WorkspaceException>(() =>
            toolchain.FindPureArchive()
        );
        Assert.Contains("eng/fetch-arm64", error.Message, StringComparison.Ordinal);

        // A relative path begins at the toolchain's folder.
        string archive = Path.Combine(
            _folder,
            "artifacts/toolchains/arm64/usr/lib/aarch64-linux-musl/libc.a"
        );
        Assert.Contains(archive, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_of_other_architectures_are_passed_over()
    {
        string threads = Path.Combine(_folder, "threads");
        foreach (
            string folder in new[]
            {
                "libc",
                "memory",
                "threads",
                "start",
                "entropy",
                "bindings/manifest",
                "bindings/spt",
            }
        )
        {
            _ = Directory.CreateDirectory(Path.Combine(_folder, folder));
        }

        File.WriteAllText(Path.Combine(threads, "switch_x86_64.S"), "");
        File.WriteAllText(Path.Combine(threads, "switch_aarch64.S"), "");
        Assert.Equal(
            ["switch_x86_64.S"],
            Toolchain.Load(Shipped).SourceFiles(_folder, "spt").Select(Path.GetFileName)
        );
    }

    [Fact]
    public void A_native_layer_without_a_folder_that_the_toolchain_names_is_told_with_the_folder()
    {
        WorkspaceException e = Assert.Throws<WorkspaceException>(() =>
            Toolchain.Load(Shipped).SourceFiles(_folder, "spt")
        );
        Assert.Contains(Path.Combine(_folder, "libc"), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_the_toolchain_lacks_is_refused_with_those_it_has()
    {
        WorkspaceException e = Assert.Throws<WorkspaceException>(() =>
            Toolchain.Load(Shipped).Target("genode")
        );
        Assert.Contains("'genode'", e.Message, StringComparison.Ordinal);
        Assert.Contains("spt", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_toolchain_that_is_not_there_is_refused_with_its_path()
    {
        WorkspaceException e = Assert.Throws<WorkspaceException>(() =>
            Toolchain.Load(Path.Combine(_folder, "toolchain.json"))
        );
        Assert.Contains(_folder, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "name": "x" }""")]
    public void A_file_that_is_no_toolchain_is_refused_with_its_path(string text)
    {
        string path = Path.Combine(_folder, "toolchain.json");
        File.WriteAllText(path, text);
        Assert.Contains(
            path,
            Assert.Throws<WorkspaceException>(() => Toolchain.Load(path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_field_that_nobody_knows_is_refused_by_its_name()
    {
        string path = Path.Combine(_folder, "toolchain.json");
        File.WriteAllText(
            path,
            File.ReadAllText(Shipped).Replace("\"triple\"", "\"tripel\"", StringComparison.Ordinal)
        );
        Assert.Contains(
            "tripel",
            Assert.Throws<WorkspaceException>(() => Toolchain.Load(path)).Message,
            StringComparison.Ordinal
        );
    }
}
