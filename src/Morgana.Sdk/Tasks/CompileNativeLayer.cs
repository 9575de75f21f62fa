using Microsoft.Build.Framework;
using Morgana.Build.Actions;
using Morgana.Workspace;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk;

/// <summary>Compiles the native layer for each target, and takes the pure C functions out of their archive.</summary>
public sealed class CompileNativeLayer : WorkspaceTask
{
    /// <summary>Where objects go; shared by all projects of a checkout.</summary>
    [Required]
    public string ObjectsFolder { get; set; } = "";

    /// <inheritdoc/>
    protected override void Work(DeclaredWorkspace workspace)
    {
        ResolvedWorkspace resolved = Resolve(workspace);
        foreach (
            ResolvedContext context in resolved.Images.DistinctBy(context =>
                Folder(ObjectsFolder, NativeLayer(context), context)
            )
        )
        {
            Compile(context);
        }

        foreach (
            Toolchain toolchain in resolved
                .Images.Select(context => context.Toolchain)
                .DistinctBy(toolchain => toolchain.File)
        )
        {
            ExtractPure(toolchain);
        }
    }

    /// <summary>The objects of the native layer for a context, in the order of the link.</summary>
    internal static IEnumerable<string> Objects(
        string objectsFolder,
        string nativeFolder,
        ResolvedContext context
    )
    {
        string folder = Folder(objectsFolder, nativeFolder, context);
        return Sources(nativeFolder, context)
            .Select(source => ObjectOf(nativeFolder, source, folder));
    }

    /// <summary>Where the pure functions' objects are.</summary>
    internal static string PureFolder(Toolchain toolchain, string objectsFolder) =>
        Path.Combine(objectsFolder, toolchain.PureKey);

    private static string Folder(
        string objectsFolder,
        string nativeFolder,
        ResolvedContext context
    ) => Path.Combine(objectsFolder, context.NativeKey(nativeFolder), context.Context.Target);

    private static IReadOnlyList<string> Sources(string nativeFolder, ResolvedContext context) =>
        context.Toolchain.SourceFiles(
            nativeFolder,
            context.Context.Target,
            context.Context.Bindings
        );

    /// <summary>The object that a source becomes. Sources outside the native layer, a target's own bindings, are called as in its folder.</summary>
    private static string ObjectOf(string nativeFolder, string source, string folder)
    {
        string relative = Path.GetRelativePath(nativeFolder, source);
        if (relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative))
        {
            relative = Path.Combine("bindings", Path.GetFileName(source));
        }

        return Path.Combine(
            folder,
            relative.Replace(Path.DirectorySeparatorChar, '-').Replace('.', '-') + ".o"
        );
    }

    private void Compile(ResolvedContext context)
    {
        string native = NativeLayer(context);
        string folder = Folder(ObjectsFolder, native, context);
        IEnumerable<string> headers = Directory.EnumerateFiles(
            native,
            "*.h",
            SearchOption.AllDirectories
        );
        if (context.Context.Bindings.Length > 0)
        {
            headers = headers.Concat(
                Directory.EnumerateFiles(
                    context.Context.Bindings,
                    "*.h",
                    SearchOption.AllDirectories
                )
            );
        }

        string headerStamp = Stamp.Compute(headers.Order(StringComparer.Ordinal));
        _ = Directory.CreateDirectory(folder);
        try
        {
            _ = Parallel.ForEach(
                Sources(native, context),
                new ParallelOptions { CancellationToken = Cancelled },
                source => Compile(context, native, source, folder, headerStamp)
            );
        }
        catch (AggregateException e) when (e.InnerException is SdkException first)
        {
            throw new SdkException(first.Code, first.Message);
        }
    }

    private void Compile(
        ResolvedContext context,
        string native,
        string source,
        string folder,
        string headerStamp
    )
    {
        string output = ObjectOf(native, source, folder);
        string[] bindings =
            context.Context.Bindings.Length == 0
                ? []
                :
                [
                    "-I" + context.Context.Bindings,
                    $"-ffile-prefix-map={context.Context.Bindings}=bindings",
                ];
        string[] arguments =
        [
            "--target=" + context.Toolchain.Triple,
            .. context.CompilerFlags,
            "-I" + Path.Combine(native, "include"),
            .. bindings,
            // Paths of the machine that builds do not belong into what it builds.
            $"-ffile-prefix-map={native}=native/",
            "-c",
            source,
            "-o",
            output,
        ];
        string stamp = Stamp.Compute(
            [source],
            [context.Toolchain.Compiler, headerStamp, .. arguments, .. context.Context.Environment]
        );
        if (Stamp.IsCurrent(output, stamp))
        {
            return;
        }

        Stamp.Forget(output);
        _ = Run(
            context.Toolchain.Compiler,
            arguments,
            "MORGANA020",
            "clang",
            context.Context.Environment
        );
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
        // What is there is linked: nothing of another list may stay.
        foreach (string earlier in Directory.EnumerateFiles(folder, "*.o"))
        {
            File.Delete(earlier);
        }

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
