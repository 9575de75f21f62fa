using Microsoft.Build.Framework;
using Morgana.Elf;
using Morgana.Workspace;
using Morgana.Workspace.Contexts;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk;

/// <summary>
/// Links the image of each context, checks it, and promotes it to dist/: stripped there (unless the profile is debug), with symbols and debug
/// information beside the objects. Nothing half-written is ever in dist/.
/// </summary>
public sealed class LinkImage : WorkspaceTask
{
    /// <summary>Where the native layer's objects are.</summary>
    [Required]
    public string ObjectsFolder { get; set; } = "";

    /// <summary>NuGet's package folder.</summary>
    [Required]
    public string PackageRoot { get; set; } = "";

    /// <summary>The version of the runtime pack.</summary>
    [Required]
    public string RuntimeVersion { get; set; } = "";

    /// <summary>Where intermediate files go.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>Where the images go.</summary>
    [Required]
    public string DistFolder { get; set; } = "";

    /// <summary>Programs that make the image out of what the linker made (MorganaImageStep), with their TargetName, Program and Arguments.</summary>
    public ITaskItem[] ImageSteps { get; set; } = [];

    /// <summary>The built programs of the steps, with the projects that they come from.</summary>
    public ITaskItem[] StepAssemblies { get; set; } = [];

    /// <summary>The program dotnet, which runs them.</summary>
    public string Dotnet { get; set; } = "dotnet";

    /// <inheritdoc/>
    protected override void Work(DeclaredWorkspace workspace)
    {
        IReadOnlyList<ResolvedContext> contexts = Resolve(workspace).Images;
        try
        {
            _ = Parallel.ForEach(
                contexts,
                new ParallelOptions { CancellationToken = Cancelled },
                Link
            );
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<SdkException>().Any())
        {
            foreach (SdkException error in e.InnerExceptions.OfType<SdkException>())
            {
                Log.LogError(null, error.Code, null, null, 0, 0, 0, 0, "{0}", error.Message);
            }

            return;
        }
        catch (AggregateException e) when (e.InnerException is IOException cause)
        {
            throw new IOException(cause.Message, cause);
        }

        ForgetOthers([.. contexts.Select(context => context.Context.Image)]);
    }

    private string WriteManifest(BuildContext context, string folder)
    {
        string output = Path.Combine(folder, "manifest.o");
        string own = Path.Combine(ProjectFolder, "morgana", $"manifest.{context.Target}.json");
        string manifest = File.Exists(own)
            ? own
            : Path.Combine(ProjectFolder, "morgana", "manifest.json");
        try
        {
            byte[] note = ManifestObject.Write(
                ManifestJson.Parse(File.ReadAllBytes(manifest), manifest),
                context.Architecture == "arm64" ? ElfMachine.Arm64 : ElfMachine.X64
            );
            File.WriteAllBytes(output, note);
        }
        catch (ManifestException e)
        {
            throw new SdkException("MORGANA040", e.Message);
        }

        return output;
    }

    private void Link(ResolvedContext resolved)
    {
        BuildContext context = resolved.Context;
        Toolchain toolchain = resolved.Toolchain;
        string folder = Path.Combine(OutputFolder, context.Name);
        _ = Directory.CreateDirectory(folder);
        string native = NativeLayer(resolved);
        string pack = Path.Combine(toolchain.RuntimeFolder(PackageRoot, RuntimeVersion), "native");
        string script = toolchain.LinkerScript(native, context.Target, context.Bindings);
        string[] objects =
        [
            CompileManaged.ObjectPath(OutputFolder, resolved),
            .. CompileNativeLayer.Objects(ObjectsFolder, native, resolved),
            WriteManifest(context, folder),
        ];
        string[] runtime = [.. toolchain.RuntimeLibraries.Select(name => Path.Combine(pack, name))];
        string[] libraries =
        [
            .. toolchain.Libraries.Select(name => Path.Combine(toolchain.Folder, name)),
        ];
        string[] pure =
        [
            .. Directory
                .EnumerateFiles(CompileNativeLayer.PureFolder(toolchain, ObjectsFolder), "*.o")
                .Order(StringComparer.Ordinal),
        ];
        ITaskItem[] steps =
        [
            .. ImageSteps.Where(step => step.GetMetadata("TargetName") == context.Target),
        ];
        string image = Path.Combine(folder, context.Image);
        string promoted = Path.Combine(DistFolder, context.Image);
        string[] arguments =
        [
            "-T",
            script,
            .. resolved.LinkerFlags,
            .. objects,
            .. runtime.Where(path => path.EndsWith(".o", StringComparison.Ordinal)),
            "--start-group",
            .. libraries,
            .. runtime.Where(path => path.EndsWith(".a", StringComparison.Ordinal)),
            "--end-group",
            "--start-lib",
            .. pure,
            "--end-lib",
        ];
        string stamp = Stamp.Compute(
            [script, .. objects, .. libraries, .. steps.Select(StepAssembly)],
            [
                toolchain.Linker,
                .. arguments,
                context.Profile,
                .. context.Environment,
                .. steps.Select(step => step.GetMetadata("Arguments")),
            ]
        );
        if (Stamp.IsCurrent(image, stamp) && File.Exists(promoted))
        {
            return;
        }

        Stamp.Forget(image);
        _ = Run(
            toolchain.Linker,
            [.. arguments, "-o", image],
            "MORGANA041",
            "lld",
            context.Environment
        );
        Check(image);
        string result = image;
        if (!resolved.KeepsSymbols)
        {
            result = image + ".stripped";
            _ = Run(
                toolchain.Linker,
                [.. arguments, "--strip-all", "-o", result],
                "MORGANA041",
                "lld",
                context.Environment
            );
        }

        foreach (ITaskItem step in steps)
        {
            result = RunStep(step, context, result, Path.Combine(folder, step.ItemSpec + ".out"));
        }

        Promote(result, promoted);
        Stamp.Write(image, stamp);
        Log.LogMessage(
            MessageImportance.High,
            "  {0} -> {1} ({2:N0} bytes)",
            context.Name,
            promoted,
            new FileInfo(promoted).Length
        );
    }

    private string RunStep(ITaskItem step, BuildContext context, string input, string output)
    {
        IEnumerable<string> arguments = step.GetMetadata("Arguments")
            .Split(';')
            .Select(argument =>
                argument
                    .Replace("{input}", input, StringComparison.Ordinal)
                    .Replace("{output}", output, StringComparison.Ordinal)
                    .Replace("{architecture}", context.Architecture, StringComparison.Ordinal)
            );
        File.Delete(output);
        string printed = Run(
            Dotnet,
            ["exec", StepAssembly(step), .. arguments],
            "MORGANA043",
            "dotnet-sdk-10.0",
            context.Environment,
            ProjectFolder
        );
        if (printed.Length > 0)
        {
            Log.LogMessage(MessageImportance.High, "{0}", printed);
        }

        return File.Exists(output)
            ? output
            : throw new SdkException(
                "MORGANA043",
                $"The image step '{step.ItemSpec}' of the target {context.Target} ended well and left no {output}: its program must write the file that {{output}} stands for."
            );
    }

    private string StepAssembly(ITaskItem step) =>
        StepPrograms.Find(
            StepAssemblies,
            Path.GetFullPath(step.GetMetadata("Program"), ProjectFolder)
        );

    /// <summary>Images that an earlier build left and that no context makes any more would go on to lie there and grow stale.</summary>
    private void ForgetOthers(IReadOnlyList<string> images)
    {
        string list = Path.Combine(OutputFolder, "images");
        if (File.Exists(list))
        {
            foreach (string earlier in File.ReadLines(list).Except(images))
            {
                // Only names of files in dist/ stand there, unless somebody has written to it.
                if (earlier.Length > 0 && Path.GetFileName(earlier) == earlier)
                {
                    File.Delete(Path.Combine(DistFolder, earlier));
                }
            }
        }

        File.WriteAllLines(list, images);
    }

    private static void Check(string image)
    {
        SystemCallSite[] found;
        try
        {
            // An uncertain hit is a byte pattern inside what may be data: reported by the query, not a reason to refuse.
            found =
            [
                .. ImageCheck.FindSystemCalls(File.ReadAllBytes(image)).Where(site => site.Certain),
            ];
        }
        catch (ElfException e)
        {
            throw new SdkException("MORGANA042", e.Message);
        }

        if (found.Length > 0)
        {
            throw new SdkException(
                "MORGANA042",
                "The image has system call instructions outside its bindings:\n"
                    + string.Join('\n', found.Take(8).Select(site => "  " + site))
                    + "\nA native library brought them: an image may reach its host only through the bindings."
            );
        }
    }

    /// <summary>Puts a finished file in place at once.</summary>
    private static void Promote(string from, string to)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        string beside = to + ".new";
        try
        {
            File.Copy(from, beside, overwrite: true);
            File.Move(beside, to, overwrite: true);
        }
        catch (IOException e)
        {
            File.Delete(beside);
            // A full disk is reported without the file's name.
            throw new IOException($"{to} cannot be written: {e.Message}", e);
        }
    }
}
