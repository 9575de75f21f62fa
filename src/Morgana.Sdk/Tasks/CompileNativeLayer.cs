using Microsoft.Build.Framework;
using Morgana.Build.Actions;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk;

/// <summary>Compiles the native layer for each target, and takes the pure C functions out of their archive.</summary>
public sealed class CompileNativeLayer : SdkTask
{
    /// <summary>The targets.</summary>
    [Required]
    public string[] Targets { get; set; } = [];

    /// <summary>The folder native/.</summary>
    [Required]
    public string NativeFolder { get; set; } = "";

    /// <summary>Where objects go; shared by all projects of a checkout.</summary>
    [Required]
    public string ObjectsFolder { get; set; } = "";

    /// <inheritdoc/>
    protected override void Execute(Toolchain toolchain)
    {
        ArgumentNullException.ThrowIfNull(toolchain);
        string[] headers =
        [
            .. Directory
                .EnumerateFiles(NativeFolder, "*.h", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal),
        ];
        string headerStamp = Stamp.Compute(headers);
        foreach (string target in Targets)
        {
            string folder = toolchain.ObjectsFolder(ObjectsFolder, target);
            _ = Directory.CreateDirectory(folder);
            ParallelOptions options = new() { CancellationToken = Cancelled };
            try
            {
                _ = Parallel.ForEach(
                    toolchain.SourceFiles(NativeFolder, target),
                    options,
                    source => Compile(toolchain, source, folder, headerStamp)
                );
            }
            catch (AggregateException e) when (e.InnerException is SdkException first)
            {
                throw new SdkException(first.Code, first.Message);
            }
        }

        ExtractPure(toolchain);
    }

    /// <summary>The object that a source becomes.</summary>
    internal static string ObjectOf(string nativeFolder, string source, string folder) =>
        Path.Combine(
            folder,
            Path.GetRelativePath(nativeFolder, source)
                .Replace(Path.DirectorySeparatorChar, '-')
                .Replace('.', '-') + ".o"
        );

    /// <summary>Where the pure functions' objects are.</summary>
    internal static string PureFolder(Toolchain toolchain, string objectsFolder) =>
        toolchain.ObjectsFolder(objectsFolder, "pure");

    private void Compile(Toolchain toolchain, string source, string folder, string headerStamp)
    {
        string output = ObjectOf(NativeFolder, source, folder);
        string[] arguments =
        [
            "--target=" + toolchain.Triple,
            .. toolchain.CompilerFlags,
            "-I" + Path.Combine(NativeFolder, "include"),
            // Paths of the machine that builds do not belong into what it builds.
            $"-ffile-prefix-map={NativeFolder}=native/",
            "-c",
            source,
            "-o",
            output,
        ];
        string stamp = Stamp.Compute([source], [toolchain.Compiler, headerStamp, .. arguments]);
        if (Stamp.IsCurrent(output, stamp))
        {
            return;
        }

        Stamp.Forget(output);
        _ = Run(toolchain.Compiler, arguments, "MORGANA020", "clang");
        Stamp.Write(output, stamp);
    }

    private void ExtractPure(Toolchain toolchain)
    {
        string archive = toolchain.FindPureArchive();
        string list = Path.Combine(toolchain.Folder, toolchain.PureMembers);
        string folder = PureFolder(toolchain, ObjectsFolder);
        _ = Directory.CreateDirectory(folder);
        string mark = Path.Combine(folder, "members");
        string stamp = Stamp.Compute([list, archive]);
        if (Stamp.IsCurrent(mark, stamp))
        {
            return;
        }

        Stamp.Forget(mark);
        HashSet<string> wanted =
        [
            .. File.ReadLines(list)
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line[0] != '#'),
        ];
        foreach ((string name, ReadOnlyMemory<byte> content) in Archive.Extract(archive, wanted))
        {
            File.WriteAllBytes(
                Path.Combine(folder, Path.ChangeExtension(name, ".o")),
                content.Span
            );
        }

        File.WriteAllText(mark, string.Join('\n', wanted.Order(StringComparer.Ordinal)));
        Stamp.Write(mark, stamp);
    }
}
