using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Morgana.Workspace.Toolchains;

/// <summary>
/// A toolchain for one architecture, as its toolchain.json declares it: what `findlib.conf` and `ocamlc -config` are to
/// a cross compiler of OCaml.
/// </summary>
public sealed class Toolchain
{
    /// <summary>The name of a toolchain's file.</summary>
    public const string FileName = "toolchain.json";

    /// <summary>The SDK's own, by name.</summary>
    public const string DefaultName = "morgana";

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

    /// <summary>The operating system that the ahead-of-time compiler compiles for; the native layer stands in for it.</summary>
    public string IlcOperatingSystem
    {
        get => field ?? "linux";
        init;
    }

    /// <summary>Options added to the ahead-of-time compiler for every image, such as <c>--instruction-set:native</c>.</summary>
    public string[] IlcOptions
    {
        get => field ?? [];
        init;
    }

    /// <summary>The NuGet package with .NET's own native libraries; empty for the usual one of <see cref="Runtime"/>.</summary>
    public string RuntimePack
    {
        get => field ?? "";
        init;
    }

    /// <summary>A folder with a native layer of the toolchain's own, laid out like the SDK's <c>native/</c>; empty for the SDK's. Relative to the folder of toolchain.json.</summary>
    public string NativeFolder
    {
        get => field ?? "";
        init;
    }

    /// <summary>Archives of the toolchain's own that are linked as well. Relative to the folder of toolchain.json.</summary>
    public string[] Libraries
    {
        get => field ?? [];
        init;
    }

    /// <summary>Archives and objects of the runtime pack, in the order of the link.</summary>
    public required string[] RuntimeLibraries { get; init; }

    /// <summary>
    /// Where the archive of pure C functions may be; the first that is there is used. Relative paths begin at the folder of
    /// toolchain.json; <c>{cache}</c> at the start stands for the user's cache of toolchains, see <see cref="ToolchainCache"/>.
    /// </summary>
    public required string[] PureArchive { get; init; }

    /// <summary>What to do when that archive is nowhere.</summary>
    public string PureArchiveHint
    {
        get => field ?? "Debian: apt-get install musl-dev";
        init;
    }

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

    /// <summary>Full path of toolchain.json.</summary>
    [JsonIgnore]
    public string File => Path.Combine(Folder, FileName);

    /// <summary>Where it was found.</summary>
    [JsonIgnore]
    public ToolchainOrigin Origin { get; internal set; } = ToolchainOrigin.Unknown;

    /// <summary>The NuGet package with .NET's own native libraries, in lower case as NuGet's folders are.</summary>
    [JsonIgnore]
    public string RuntimePackage =>
        RuntimePack.Length > 0
            ? RuntimePack.ToLowerInvariant()
            : $"microsoft.netcore.app.runtime.nativeaot.{Runtime}";

    /// <summary>Reads a toolchain.</summary>
    /// <exception cref="WorkspaceException">The file is not there, or is not a toolchain.</exception>
    public static Toolchain Load(string path)
    {
        try
        {
            Toolchain toolchain =
                JsonSerializer.Deserialize(
                    System.IO.File.ReadAllText(path),
                    ToolchainJson.Default.Toolchain
                )
                ?? throw new WorkspaceException(
                    "MORGANA010",
                    path,
                    0,
                    "The toolchain file is empty."
                );
            toolchain.Folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            toolchain.Check();
            return toolchain;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WorkspaceException(
                "MORGANA010",
                $"There is no toolchain at {path}: check the architecture, or name one that is there."
            );
        }
        catch (JsonException e)
        {
            throw new WorkspaceException(
                "MORGANA010",
                path,
                (int)(e.LineNumber + 1 ?? 0),
                e.Message
            );
        }
    }

    /// <summary>The native layer that it compiles.</summary>
    /// <param name="sdk">The SDK's own, <c>native/</c>.</param>
    public string NativeLayer(string sdk) =>
        NativeFolder.Length == 0 ? sdk : Path.GetFullPath(Path.Combine(Folder, NativeFolder));

    private void Check()
    {
        foreach (
            (string field, string value) in (ReadOnlySpan<(string, string)>)
                [
                    ("name", Name),
                    ("architecture", Architecture),
                    ("triple", Triple),
                    ("runtime", Runtime),
                    ("compiler", Compiler),
                    ("linker", Linker),
                ]
        )
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                throw new WorkspaceException(
                    "MORGANA010",
                    File,
                    0,
                    $"The field '{field}' is empty."
                );
            }
        }

        if (Name.AsSpan().IndexOfAny(['/', '\\', ':', ' ']) >= 0)
        {
            throw new WorkspaceException(
                "MORGANA010",
                File,
                0,
                $"The name '{Name}' has a letter that names of toolchains cannot have: folders are called by it."
            );
        }
    }

    /// <summary>What a target adds.</summary>
    /// <exception cref="WorkspaceException">The toolchain has no such target.</exception>
    public ToolchainTarget Target(string name) =>
        Targets.TryGetValue(name, out ToolchainTarget? target)
            ? target
            : throw new WorkspaceException(
                "MORGANA011",
                $"The toolchain {Name} for {Architecture} has no target '{name}'; it has {string.Join(", ", Targets.Keys.Order(StringComparer.Ordinal))}."
            );

    /// <summary>The sources of the native layer for a target, in a fixed order.</summary>
    /// <param name="nativeFolder">The native layer, see <see cref="NativeLayer"/>.</param>
    /// <param name="target">The target.</param>
    /// <param name="bindings">A folder with the target's own sources; empty for a target of the toolchain's.</param>
    /// <exception cref="WorkspaceException">A folder that it takes sources from is not there.</exception>
    public IReadOnlyList<string> SourceFiles(
        string nativeFolder,
        string target,
        string bindings = ""
    )
    {
        IEnumerable<string> patterns = Sources.Select(p => Path.Combine(nativeFolder, p));
        patterns =
            bindings.Length > 0
                ? patterns.Append(Path.Combine(bindings, "*.c"))
                : patterns.Concat(
                    Target(target).Sources.Select(p => Path.Combine(nativeFolder, p))
                );
        SortedSet<string> files = new(StringComparer.Ordinal);
        foreach (string pattern in patterns)
        {
            string folder = Path.GetDirectoryName(pattern)!;
            if (!Directory.Exists(folder))
            {
                throw new WorkspaceException(
                    "MORGANA011",
                    $"The toolchain {Name} for {Architecture} takes sources of the target {target} from {folder}, which is not there: "
                        + $"mend 'sources' in its toolchain.json ({Folder}), or use a native layer that fits."
                );
            }

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

    /// <summary>The linker script of a target.</summary>
    /// <param name="nativeFolder">The native layer, see <see cref="NativeLayer"/>.</param>
    /// <param name="target">The target.</param>
    /// <param name="bindings">A folder with the target's own <c>image.lds</c>; empty for a target of the toolchain's.</param>
    public string LinkerScript(string nativeFolder, string target, string bindings = "") =>
        bindings.Length > 0
            ? Path.Combine(bindings, "image.lds")
            : Path.Combine(nativeFolder, Target(target).LinkerScript);

    /// <summary>Full paths where the archive of pure C functions may be.</summary>
    public IReadOnlyList<string> PureArchivePlaces() =>
        [
            .. PureArchive.SelectMany(path =>
                ToolchainCache
                    .Expand(path)
                    .Select(place => Path.GetFullPath(Path.Combine(Folder, place)))
            ),
        ];

    /// <summary>The archive of pure C functions.</summary>
    /// <exception cref="WorkspaceException">It is nowhere.</exception>
    public string FindPureArchive()
    {
        IReadOnlyList<string> places = PureArchivePlaces();
        return places.FirstOrDefault(System.IO.File.Exists)
            ?? throw new WorkspaceException(
                "MORGANA021",
                $"The archive of pure C functions for {Architecture} is not there: looked for {string.Join(" and ", places)} ({PureArchiveHint})."
            );
    }

    /// <summary>Names the folder with the pure functions' objects: toolchains that take them from different lists have different ones.</summary>
    [JsonIgnore]
    public string PureKey =>
        $"{Name}-{Architecture}-pure-"
        + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(Path.Combine(Folder, PureMembers)))
        )[..8];

    /// <summary>The folder of the runtime pack's archives.</summary>
    public string RuntimeFolder(string packageRoot, string version) =>
        Path.Combine(packageRoot, RuntimePackage, version, "runtimes", Runtime);
}
