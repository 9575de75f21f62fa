namespace Morgana.Workspace.Toolchains;

/// <summary>Tells whether a toolchain can be used on this machine, and if not, what is missing.</summary>
public sealed class ToolchainCheck
{
    /// <summary>Folders with programs, those of PATH.</summary>
    public required IReadOnlyList<string> ProgramFolders { get; init; }

    /// <summary>NuGet's folders of packages.</summary>
    public required IReadOnlyList<string> PackageFolders { get; init; }

    /// <summary>The runtime identifier of this machine, for which there is an ahead-of-time compiler.</summary>
    public required string BuildRuntime { get; init; }

    /// <summary>The version of the ahead-of-time compiler and the runtime packs.</summary>
    public required string NativeAotVersion { get; init; }

    /// <summary>The NuGet package with the ahead-of-time compiler for this machine, in lower case.</summary>
    public string CompilerPackage => $"runtime.{BuildRuntime}.microsoft.dotnet.ilcompiler";

    /// <summary>What is missing; nothing when the toolchain is usable here.</summary>
    public IReadOnlyList<MissingPart> Missing(Toolchain toolchain)
    {
        ArgumentNullException.ThrowIfNull(toolchain);
        List<MissingPart> missing = [];
        AddProgram(toolchain.Compiler, "clang", "compiler");
        AddProgram(toolchain.Linker, "lld", "linker");
        if (!toolchain.PureArchivePlaces().Any(File.Exists))
        {
            missing.Add(
                new MissingPart(
                    $"archive of C functions for {toolchain.Architecture}",
                    toolchain.PureArchiveHint
                )
            );
        }

        foreach (
            string library in toolchain.Libraries.Select(l => Path.Combine(toolchain.Folder, l))
        )
        {
            if (!File.Exists(library))
            {
                missing.Add(new MissingPart(library, $"{toolchain.File} names it"));
            }
        }

        AddPackage(CompilerPackage);
        AddPackage(toolchain.RuntimePackage);
        return missing;

        void AddProgram(string program, string package, string field)
        {
            if (FindProgram(program) is null)
            {
                missing.Add(
                    new MissingPart(
                        program,
                        $"install it (Debian: apt-get install {package}), or name another {field} in {toolchain.File}"
                    )
                );
            }
        }

        void AddPackage(string package)
        {
            if (
                !PackageFolders.Any(folder =>
                    Directory.Exists(Path.Combine(folder, package, NativeAotVersion))
                )
            )
            {
                missing.Add(
                    new MissingPart(
                        $"package {package} {NativeAotVersion}",
                        "run morgana depends (or dotnet restore)"
                    )
                );
            }
        }
    }

    /// <summary>Full path of a program; null when it is not there.</summary>
    public string? FindProgram(string program)
    {
        ArgumentNullException.ThrowIfNull(program);
        string[] names = OperatingSystem.IsWindows()
            ? [program, program + ".exe", program + ".cmd"]
            : [program];
        return program.AsSpan().IndexOfAny('/', '\\') >= 0
            ? names.FirstOrDefault(File.Exists)
            : ProgramFolders
                .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
                .FirstOrDefault(File.Exists);
    }

    /// <summary>The folders of PATH.</summary>
    public static IReadOnlyList<string> FoldersOfPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
}
