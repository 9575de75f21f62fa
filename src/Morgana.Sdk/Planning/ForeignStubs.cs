using System.Security.Cryptography;
using System.Text;
using Morgana.Build.Diagnostics;
using Morgana.Build.Plans;
using Morgana.Build.Stubs;
using Morgana.Workspace.Resolution;

namespace Morgana.Sdk.Planning;

/// <summary>
/// The actions of the user's own native code: an object of each source, once for all contexts that want the same, and the checks that a linker does not do.
/// </summary>
internal static class ForeignStubs
{
    /// <summary>The names under which C# imports functions of the stubs.</summary>
    public static IEnumerable<string> LibraryNames(PlanInputs inputs) =>
        inputs
            .ForeignStubs.Select(stub => stub.Library)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    /// <summary>What the stubs are to a context: objects and libraries, in the order of the items.</summary>
    public static IReadOnlyList<StubFile> Files(PlanInputs inputs, ResolvedContext context) =>
        [
            .. inputs
                .ForeignStubs.Select(stub => stub.For(context))
                .SelectMany(stub =>
                    stub.Libraries.Select(library => new StubFile(stub.Library, library, library))
                        .Prepend(
                            new StubFile(
                                stub.Library,
                                stub.Path,
                                stub.IsSource ? ObjectOf(inputs, context, stub) : stub.Path
                            )
                        )
                )
                .DistinctBy(file => file.Path),
        ];

    /// <summary>Marks of the checks that come before the link of a context.</summary>
    public static IEnumerable<string> Marks(PlanInputs inputs, ResolvedContext context) =>
        inputs.ForeignStubs.Count == 0
            ? [ImportsMark(inputs, context)]
            : [StubsMark(inputs, context), ImportsMark(inputs, context)];

    public static IEnumerable<BuildAction> Actions(PlanInputs inputs)
    {
        foreach (
            IGrouping<string, (ResolvedContext Context, ForeignStub Stub)> group in inputs
                .Workspace.Images.SelectMany(context =>
                    inputs
                        .ForeignStubs.Select(stub => stub.For(context))
                        .Where(stub => stub.IsSource)
                        .Select(stub => (Context: context, Stub: stub))
                )
                .GroupBy(pair => ObjectOf(inputs, pair.Context, pair.Stub))
        )
        {
            (ResolvedContext context, ForeignStub stub) = group.First();
            yield return Compile(
                inputs,
                context,
                stub,
                [.. group.Select(pair => pair.Context.Context.Name)]
            );
        }

        foreach (ResolvedContext context in inputs.Workspace.Images)
        {
            if (inputs.ForeignStubs.Count > 0)
            {
                yield return Check(inputs, context);
            }
        }

        foreach (
            IGrouping<string, ResolvedContext> group in inputs.Workspace.Images.GroupBy(context =>
                ImportsMark(inputs, context)
            )
        )
        {
            yield return Imports(
                inputs,
                group.First(),
                [.. group.Select(context => context.Context.Name)]
            );
        }
    }

    /// <summary>The stubs against all else that a link takes, but the program: that one and an object of the stubs are told by the linker.</summary>
    private static BuildAction Check(PlanInputs inputs, ResolvedContext context)
    {
        IReadOnlyList<StubFile> files = Files(inputs, context);
        return new BuildAction
        {
            Id = "stubs:" + context.Context.Name,
            Kind = ActionKind.Stubs,
            Contexts = [context.Context.Name],
            Arguments =
            [
                context.Context.Architecture,
                .. files.SelectMany(file => file.ToArguments()),
            ],
            Inputs =
            [
                .. files.Select(file => file.Path),
                .. NativeLayer.Objects(inputs, context),
                .. NativeLayer.PureObjects(inputs, context.Toolchain),
                .. ImageLink.RuntimeLibraries(inputs, context),
                .. context.Toolchain.Libraries.Select(name =>
                    Path.Combine(context.Toolchain.Folder, name)
                ),
            ],
            Outputs = [StubsMark(inputs, context)],
            ErrorCode = "MORGANA044",
        };
    }

    private static BuildAction Imports(
        PlanInputs inputs,
        ResolvedContext context,
        IReadOnlyList<string> contexts
    )
    {
        IReadOnlyList<StubFile> files = Files(inputs, context);
        string packages = Path.TrimEndingDirectorySeparator(inputs.PackageRoot) + "/";
        string[] assemblies =
        [
            inputs.Assembly,
            .. inputs.References.OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal),
        ];
        return new BuildAction
        {
            Id = "imports:" + Path.GetFileName(Path.GetDirectoryName(ImportsMark(inputs, context))),
            Kind = ActionKind.Imports,
            Contexts = contexts,
            Arguments =
            [
                "--folder",
                inputs.ProjectFolder,
                .. assemblies
                    .Where(path => !path.StartsWith(packages, StringComparison.Ordinal))
                    .SelectMany(path => (string[])["--own", path]),
                .. files.SelectMany(file => file.ToArguments()),
            ],
            Inputs =
            [
                ManagedCode.ObjectOf(inputs, context),
                .. assemblies,
                .. assemblies.Select(path => Path.ChangeExtension(path, ".pdb")).Where(File.Exists),
                .. files.Select(file => file.Path),
            ],
            Outputs = [ImportsMark(inputs, context)],
            ErrorCode = "MORGANA045",
        };
    }

    private static BuildAction Compile(
        PlanInputs inputs,
        ResolvedContext context,
        ForeignStub stub,
        IReadOnlyList<string> contexts
    )
    {
        string output = ObjectOf(inputs, context, stub);
        string depends = Path.ChangeExtension(output, ".d");
        return new BuildAction
        {
            Id =
                $"{StubFailure.IdPrefix}{Path.GetFileName(Path.GetDirectoryName(output))}:{NameIn(inputs, stub.Path)}",
            Kind = ActionKind.Native,
            Contexts = contexts,
            Program = context.Toolchain.Compiler,
            Arguments =
            [
                .. Flags(context, stub),
                .. PathMaps(inputs, stub),
                "-fdebug-compilation-dir=.",
                // Assembled sources would name their full path there, whatever the map says.
                .. stub.Path.EndsWith(".S", StringComparison.Ordinal) ? (string[])["-g0"] : [],
                "-MD",
                "-MF",
                depends,
                "-c",
                stub.Path,
                "-o",
                output,
            ],
            Environment = context.Context.Environment,
            Inputs = [stub.Path],
            Direct = [stub.Path],
            Outputs = [output],
            DependencyFile = depends,
            ErrorCode = "MORGANA020",
            Package = "clang",
        };
    }

    /// <summary>
    /// The flags of the native layer, but for its warnings: which ones are wanted, and whether they are errors, is the user's to say.
    /// </summary>
    public static IEnumerable<string> Flags(ResolvedContext context, ForeignStub stub) =>
        [
            "--target=" + context.Toolchain.Triple,
            .. context.CompilerFlags.Where(flag =>
                !flag.StartsWith("-W", StringComparison.Ordinal)
            ),
            .. stub.IncludeFolders.Select(folder => "-I" + folder),
            .. stub.Flags,
        ];

    /// <summary>Paths of the machine that builds do not belong into what it builds.</summary>
    private static IEnumerable<string> PathMaps(PlanInputs inputs, ForeignStub stub) =>
        stub
            .IncludeFolders.Append(Path.GetDirectoryName(stub.Path)!)
            .Append(inputs.ProjectFolder)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(folder => folder.Length)
            .ThenBy(folder => folder, StringComparer.Ordinal)
            .Select(folder => $"-ffile-prefix-map={folder}={NameIn(inputs, folder)}");

    /// <summary>A path as it is called in every checkout.</summary>
    private static string NameIn(PlanInputs inputs, string path)
    {
        string relative = Path.GetRelativePath(inputs.ProjectFolder, path)
            .Replace(Path.DirectorySeparatorChar, '/');
        if (!relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative))
        {
            return relative;
        }

        string named = inputs.Names.Map(path);
        return named != path ? named : Path.GetFileName(path);
    }

    private static string ObjectOf(PlanInputs inputs, ResolvedContext context, ForeignStub stub)
    {
        string key =
            $"{context.Toolchain.Name}-{context.Toolchain.Architecture}-"
            + Hash([
                context.Toolchain.Compiler,
                .. Flags(context, stub).Select(inputs.Names.Map),
                .. context.Context.Environment.Order(StringComparer.Ordinal),
            ]);
        string name = NameIn(inputs, stub.Path);
        string plain = string.Concat(
            name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')
        );
        // Two names may be the same without their slashes.
        return Path.Combine(inputs.WorkFolder, "stubs", key, $"{plain}-{Hash([name])}.o");
    }

    private static string StubsMark(PlanInputs inputs, ResolvedContext context) =>
        Path.Combine(inputs.WorkFolder, context.Context.Name, "stubs.checked");

    /// <summary>Contexts with the same native code and the same stubs are checked once.</summary>
    private static string ImportsMark(PlanInputs inputs, ResolvedContext context) =>
        Path.Combine(
            inputs.WorkFolder,
            "imports",
            inputs.ForeignStubs.Count == 0
                ? context.ManagedKey
                : $"{context.ManagedKey}-{Hash(Files(inputs, context).Select(file => inputs.Names.Map(file.Path)))}",
            "checked"
        );

    private static string Hash(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[
            ..8
        ];
}
