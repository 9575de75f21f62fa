using Microsoft.Build.Framework;
using Morgana.Build.Plans;
using Morgana.Build.Stubs;
using Morgana.Workspace.Contexts;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk.Planning;

/// <summary>The actions that make an image of a context: manifest, link, check and strip, the target's own steps, the promotion to dist/.</summary>
internal static class ImageLink
{
    public static PlannedImage Image(PlanInputs inputs, ResolvedContext context) =>
        new(
            context.Context.Name,
            Path.Combine(inputs.DistFolder, context.Context.Image),
            Linked(inputs, context)
        );

    public static IEnumerable<BuildAction> Actions(PlanInputs inputs, ResolvedContext resolved)
    {
        BuildContext context = resolved.Context;
        string folder = Path.Combine(inputs.WorkFolder, context.Name);
        string manifest = Path.Combine(folder, "manifest.o");
        yield return new BuildAction
        {
            Id = "manifest:" + context.Name,
            Kind = ActionKind.Manifest,
            Contexts = [context.Name],
            Arguments = [context.Architecture],
            Inputs = [ManifestFile(inputs, context)],
            Outputs = [manifest],
            ErrorCode = "MORGANA040",
        };
        BuildAction link = Link(inputs, resolved, manifest);
        yield return link;

        IReadOnlyList<StubFile> stubs = ForeignStubs.Files(inputs, resolved);
        string image = Path.Combine(inputs.DistFolder, context.Image);
        ITaskItem[] steps =
        [
            .. inputs.ImageSteps.Where(step => step.GetMetadata("TargetName") == context.Target),
        ];
        string result =
            steps.Length == 0 ? image : Path.Combine(folder, context.Image + ".stripped");
        yield return new BuildAction
        {
            Id = (steps.Length == 0 ? "promote:" : "strip:") + context.Name,
            Kind = ActionKind.Promote,
            Contexts = [context.Name],
            Arguments =
            [
                .. resolved.KeepsSymbols ? (string[])["keep-symbols"] : [],
                .. stubs.SelectMany(file => file.ToArguments()),
            ],
            Inputs = [link.Outputs[0], .. stubs.Select(file => file.Path)],
            Outputs = [result],
            ErrorCode = "MORGANA042",
        };
        foreach (ITaskItem step in steps)
        {
            string output = Path.Combine(folder, step.ItemSpec + ".out");
            yield return Step(inputs, step, context, result, output);
            result = output;
        }

        if (steps.Length > 0)
        {
            yield return new BuildAction
            {
                Id = "promote:" + context.Name,
                Kind = ActionKind.Copy,
                Contexts = [context.Name],
                Inputs = [result],
                Outputs = [image],
            };
        }
    }

    private static string Linked(PlanInputs inputs, ResolvedContext context) =>
        Path.Combine(inputs.WorkFolder, context.Context.Name, context.Context.Image);

    private static string ManifestFile(PlanInputs inputs, BuildContext context)
    {
        string folder = Path.Combine(inputs.ProjectFolder, "morgana");
        string own = Path.Combine(folder, $"manifest.{context.Target}.json");
        return File.Exists(own) ? own : Path.Combine(folder, "manifest.json");
    }

    private static BuildAction Link(PlanInputs inputs, ResolvedContext resolved, string manifest)
    {
        BuildContext context = resolved.Context;
        Toolchain toolchain = resolved.Toolchain;
        string native = NativeLayer.Folder(inputs, resolved);
        string[] stubs = [.. ForeignStubs.Files(inputs, resolved).Select(file => file.Path)];
        string script = toolchain.LinkerScript(native, context.Target, context.Bindings);
        string[] objects =
        [
            ManagedCode.ObjectOf(inputs, resolved),
            .. NativeLayer.Objects(inputs, resolved),
            .. stubs.Where(IsObject),
            manifest,
        ];
        string[] runtime = [.. RuntimeLibraries(inputs, resolved)];
        string[] libraries =
        [
            .. stubs.Where(path => !IsObject(path)),
            .. toolchain.Libraries.Select(name => Path.Combine(toolchain.Folder, name)),
        ];
        string[] pure = [.. NativeLayer.PureObjects(inputs, toolchain)];
        string output = Linked(inputs, resolved);
        string response = Path.Combine(inputs.WorkFolder, context.Name, "link.rsp");
        return new BuildAction
        {
            Id = "link:" + context.Name,
            Kind = ActionKind.Link,
            Contexts = [context.Name],
            Program = toolchain.Linker,
            Arguments = ["@" + response],
            // Some systems allow less for a command line than these paths take.
            ResponseFile = response,
            ResponseLines =
            [
                .. (
                    (string[])
                        [
                            "-T",
                            script,
                            .. resolved.LinkerFlags,
                            .. objects,
                            .. runtime.Where(IsObject),
                            "--start-group",
                            .. libraries,
                            .. runtime.Where(path => !IsObject(path)),
                            "--end-group",
                            "--start-lib",
                            .. pure,
                            "--end-lib",
                            "-o",
                            output,
                        ]
                ).Select(Quote),
            ],
            Environment = context.Environment,
            Inputs =
            [
                script,
                .. objects,
                .. runtime,
                .. libraries,
                .. pure,
                .. ForeignStubs.Marks(inputs, resolved),
            ],
            Outputs = [output],
            ErrorCode = "MORGANA041",
            Package = "lld",
        };
    }

    /// <summary>.NET's own archives and objects.</summary>
    public static IEnumerable<string> RuntimeLibraries(PlanInputs inputs, ResolvedContext resolved)
    {
        string pack = Path.Combine(
            resolved.Toolchain.RuntimeFolder(inputs.PackageRoot, inputs.RuntimeVersion),
            "native"
        );
        return resolved.Toolchain.RuntimeLibraries.Select(name => Path.Combine(pack, name));
    }

    private static bool IsObject(string path) => path.EndsWith(".o", StringComparison.Ordinal);

    /// <summary>As response files of GNU tools have it.</summary>
    private static string Quote(string argument) =>
        argument.AsSpan().IndexOfAny([' ', '"', '\\', '\'']) < 0
            ? argument
            : $"\"{argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static BuildAction Step(
        PlanInputs inputs,
        ITaskItem step,
        BuildContext context,
        string input,
        string output
    )
    {
        string assembly = StepPrograms.Find(
            inputs.StepAssemblies,
            Path.GetFullPath(step.GetMetadata("Program"), inputs.ProjectFolder)
        );
        return new BuildAction
        {
            Id = $"step:{context.Name}:{step.ItemSpec}",
            Kind = ActionKind.Program,
            Contexts = [context.Name],
            Program = inputs.Dotnet,
            Arguments =
            [
                "exec",
                assembly,
                .. step.GetMetadata("Arguments")
                    .Split(';')
                    .Select(argument =>
                        argument
                            .Replace("{input}", input, StringComparison.Ordinal)
                            .Replace("{output}", output, StringComparison.Ordinal)
                            .Replace(
                                "{architecture}",
                                context.Architecture,
                                StringComparison.Ordinal
                            )
                    ),
            ],
            Environment = context.Environment,
            Inputs = [input, .. StepPrograms.Files(assembly)],
            Outputs = [output],
            ErrorCode = "MORGANA043",
            Package = "dotnet-sdk-10.0",
        };
    }
}
