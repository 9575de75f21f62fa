using System.Text.Json;
using System.Text.Json.Serialization;

namespace Morgana.Sdk;

/// <summary>
/// A toolchain for one architecture, as its toolchain.json declares it: what `findlib.conf` and `ocamlc -config` are to
/// a cross compiler of OCaml.
/// </summary>
public sealed class Toolchain
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The name by which build contexts ask for it.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture as .NET calls it: x64 or arm64.</summary>
    public required string Architecture { get; init; }

    /// <summary>The triple given to the C compiler.</summary>
    public required string Triple { get; init; }

    /// <summary>The runtime identifier of the runtime pack.</summary>
    public required string Runtime { get; init; }

    /// <summary>The C compiler's program.</summary>
    public required string Compiler { get; init; }

    /// <summary>The linker's program.</summary>
    public required string Linker { get; init; }

    /// <summary>Flags of every compilation of the native layer.</summary>
    public required string[] CompilerFlags { get; init; }

    /// <summary>Flags of every link.</summary>
    public required string[] LinkerFlags { get; init; }

    /// <summary>Archives and objects of the runtime pack, in the order of the link.</summary>
    public required string[] RuntimeLibraries { get; init; }

    /// <summary>
    /// Where the archive of pure C functions may be; the first that is there is used. Relative paths begin at the folder of
    /// toolchain.json.
    /// </summary>
    public required string[] PureArchive { get; init; }

    /// <summary>What to do when that archive is nowhere.</summary>
    public string PureArchiveHint { get; init; } = "Debian: apt-get install musl-dev";

    /// <summary>The file beside toolchain.json that names the members to use, one a line.</summary>
    public required string PureMembers { get; init; }

    /// <summary>Sources of the native layer, patterns under native/.</summary>
    public required string[] Sources { get; init; }

    /// <summary>Sources whose name ends in _SUFFIX belong to this architecture, with .S sources.</summary>
    public required string ArchitectureSuffix { get; init; }

    /// <summary>Suffixes of other architectures, whose sources are passed over.</summary>
    public required string[] OtherSuffixes { get; init; }

    /// <summary>What each target adds, by its name.</summary>
    public required Dictionary<string, ToolchainTarget> Targets { get; init; }

    /// <summary>The folder of toolchain.json.</summary>
    [JsonIgnore]
    public string Folder { get; private set; } = "";

    /// <summary>Reads a toolchain.</summary>
    /// <exception cref="SdkException">The file is not there, or is not a toolchain.</exception>
    public static Toolchain Load(string path)
    {
        try
        {
            Toolchain toolchain =
                JsonSerializer.Deserialize<Toolchain>(File.ReadAllText(path), Options)
                ?? throw new SdkException("MORGANA010", $"{path}: the toolchain file is empty.");
            toolchain.Folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return toolchain;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SdkException(
                "MORGANA010",
                $"There is no toolchain at {path}: check the architecture, or name one that is there."
            );
        }
        catch (JsonException e)
        {
            throw new SdkException("MORGANA010", $"{path}: {e.Message}");
        }
    }

    /// <summary>What a target adds.</summary>
    /// <exception cref="SdkException">The toolchain has no such target.</exception>
    public ToolchainTarget Target(string name) =>
        Targets.TryGetValue(name, out ToolchainTarget? target)
            ? target
            : throw new SdkException(
                "MORGANA011",
                $"The toolchain {Name} for {Architecture} has no target '{name}'; it has {string.Join(", ", Targets.Keys.Order(StringComparer.Ordinal))}."
            );

    /// <summary>The sources of the native layer for a target, in a fixed order.</summary>
    public IReadOnlyList<string> SourceFiles(string nativeFolder, string target)
    {
        SortedSet<string> files = new(StringComparer.Ordinal);
        foreach (string pattern in Sources.Concat(Target(target).Sources))
        {
            string folder = Path.Combine(nativeFolder, Path.GetDirectoryName(pattern)!);
            foreach (string file in Directory.EnumerateFiles(folder, Path.GetFileName(pattern)))
            {
                _ = files.Add(file);
            }

            foreach (string file in Directory.EnumerateFiles(folder, "*.S"))
            {
                _ = files.Add(file);
            }
        }

        return
        [
            .. files.Where(file =>
                !OtherSuffixes.Any(suffix =>
                    Path.GetFileNameWithoutExtension(file)
                        .EndsWith("_" + suffix, StringComparison.Ordinal)
                )
            ),
        ];
    }

    /// <summary>The archive of pure C functions.</summary>
    /// <exception cref="SdkException">It is nowhere.</exception>
    public string FindPureArchive()
    {
        string[] candidates =
        [
            .. PureArchive.Select(path => Path.GetFullPath(Path.Combine(Folder, path))),
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new SdkException(
                "MORGANA021",
                $"The archive of pure C functions for {Architecture} is not there: looked for {string.Join(" and ", candidates)} ({PureArchiveHint})."
            );
    }

    /// <summary>Where this toolchain's objects for a target are kept.</summary>
    public string ObjectsFolder(string root, string target) =>
        Path.Combine(root, $"{Name}-{Architecture}", target);

    /// <summary>The folder of the runtime pack's archives.</summary>
    public string RuntimeFolder(string packageRoot, string version) =>
        Path.Combine(
            packageRoot,
            $"microsoft.netcore.app.runtime.nativeaot.{Runtime}",
            version,
            "runtimes",
            Runtime
        );
}
