using Morgana.Build.Plans;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk.Planning;

/// <summary>The actions that compile the native layer, a source at a time, and take the pure C functions out of their archive.</summary>
internal static class NativeLayer
{
    /// <summary>The objects of the native layer for a context, in the order of the link.</summary>
    public static IEnumerable<string> Objects(PlanInputs inputs, ResolvedContext context)
    {
        string native = Folder(inputs, context);
        string folder = ObjectsFolder(inputs, context);
        return Sources(inputs, context).Select(source => ObjectOf(native, source, folder));
    }

    /// <summary>The objects with the pure functions, in the order of the link.</summary>
    public static IEnumerable<string> PureObjects(PlanInputs inputs, Toolchain toolchain)
    {
        string folder = Path.Combine(inputs.WorkFolder, "native", PureKey(toolchain));
        return Members(toolchain)
            .Select(name => Path.Combine(folder, Path.ChangeExtension(name, ".o")))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The native layer of a context's toolchain.</summary>
    public static string Folder(PlanInputs inputs, ResolvedContext context) =>
        context.Toolchain.NativeLayer(inputs.NativeFolder);

    public static IEnumerable<BuildAction> Actions(PlanInputs inputs)
    {
        foreach (
            IGrouping<string, ResolvedContext> group in inputs.Workspace.Images.GroupBy(context =>
                ObjectsFolder(inputs, context)
            )
        )
        {
            string[] contexts = [.. group.Select(context => context.Context.Name)];
            foreach (string source in Sources(inputs, group.First()))
            {
                yield return Compile(inputs, group.First(), source, contexts);
            }
        }

        foreach (
            IGrouping<string, ResolvedContext> group in inputs.Workspace.Images.GroupBy(context =>
                PureKey(context.Toolchain)
            )
        )
        {
            Toolchain toolchain = group.First().Toolchain;
            yield return new BuildAction
            {
                Id = "pure:" + PureKey(toolchain),
                Kind = ActionKind.Members,
                Contexts = [.. group.Select(context => context.Context.Name)],
                Arguments = Members(toolchain),
                Inputs = [toolchain.FindPureArchive()],
                Outputs = [.. PureObjects(inputs, toolchain)],
                ErrorCode = "MORGANA012",
            };
        }
    }

    /// <summary>A workspace has one toolchain of a name and architecture.</summary>
    private static string PureKey(Toolchain toolchain) =>
        $"{toolchain.Name}-{toolchain.Architecture}-pure";

    private static string[] Members(Toolchain toolchain) =>
        [
            .. File.ReadLines(Path.Combine(toolchain.Folder, toolchain.PureMembers))
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line[0] != '#')
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static string ObjectsFolder(PlanInputs inputs, ResolvedContext context) =>
        Path.Combine(inputs.WorkFolder, "native", Key(inputs, context), context.Context.Target);

    /// <summary>The same in every checkout, so that what was built in one is found in the others.</summary>
    private static string Key(PlanInputs inputs, ResolvedContext context) =>
        context.NativeKey(inputs.Names.Map(Folder(inputs, context)));

    private static IReadOnlyList<string> Sources(PlanInputs inputs, ResolvedContext context) =>
        context.Toolchain.SourceFiles(
            Folder(inputs, context),
            context.Context.Target,
            context.Context.Bindings
        );

    /// <summary>The object that a source becomes. Sources outside the native layer, a target's own bindings, are called as in its folder.</summary>
    private static string ObjectOf(string nativeFolder, string source, string folder) =>
        Path.Combine(
            folder,
            NameOf(nativeFolder, source).Replace('/', '-').Replace('.', '-') + ".o"
        );

    private static string NameOf(string nativeFolder, string source)
    {
        string relative = Path.GetRelativePath(nativeFolder, source)
            .Replace(Path.DirectorySeparatorChar, '/');
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? "bindings/" + Path.GetFileName(source)
            : relative;
    }

    private static BuildAction Compile(
        PlanInputs inputs,
        ResolvedContext context,
        string source,
        IReadOnlyList<string> contexts
    )
    {
        string native = Folder(inputs, context);
        string output = ObjectOf(native, source, ObjectsFolder(inputs, context));
        string depends = Path.ChangeExtension(output, ".d");
        string bindings = context.Context.Bindings;
        return new BuildAction
        {
            Id = $"cc:{Key(inputs, context)}:{context.Context.Target}:{NameOf(native, source)}",
            Kind = ActionKind.Native,
            Contexts = contexts,
            Program = context.Toolchain.Compiler,
            Arguments =
            [
                "--target=" + context.Toolchain.Triple,
                .. context.CompilerFlags,
                "-I" + Path.Combine(native, "include"),
                .. bindings.Length == 0
                    ? (string[])[]
                    : ["-I" + bindings, $"-ffile-prefix-map={bindings}=bindings"],
                // Paths of the machine that builds do not belong into what it builds.
                $"-ffile-prefix-map={native}=native/",
                "-fdebug-compilation-dir=.",
                // Assembled sources would name their full path there, whatever the map says.
                .. source.EndsWith(".S", StringComparison.Ordinal) ? (string[])["-g0"] : [],
                "-MD",
                "-MF",
                depends,
                "-c",
                source,
                "-o",
                output,
            ],
            Environment = context.Context.Environment,
            Inputs = [source],
            Direct = [source],
            Outputs = [output],
            DependencyFile = depends,
            ErrorCode = "MORGANA020",
            Package = "clang",
        };
    }
}
