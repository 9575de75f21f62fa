using System.Xml.Linq;
using Microsoft.Build.Framework;
using Morgana.Elf;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk;

/// <summary>
/// Links the image of each target, checks it, and promotes it to dist/: stripped there, with symbols and debug
/// information beside the objects. Nothing half-written is ever in dist/.
/// </summary>
public sealed class LinkImage : SdkTask
{
    /// <summary>The targets.</summary>
    [Required]
    public string[] Targets { get; set; } = [];

    /// <summary>The folder native/.</summary>
    [Required]
    public string NativeFolder { get; set; } = "";

    /// <summary>Where the native layer's objects are.</summary>
    [Required]
    public string ObjectsFolder { get; set; } = "";

    /// <summary>NuGet's package folder.</summary>
    [Required]
    public string PackageRoot { get; set; } = "";

    /// <summary>The version of the runtime pack.</summary>
    [Required]
    public string RuntimeVersion { get; set; } = "";

    /// <summary>The manifest, manifest.json.</summary>
    [Required]
    public string Manifest { get; set; } = "";

    /// <summary>The generated build contexts, contexts.props.</summary>
    [Required]
    public string Contexts { get; set; } = "";

    /// <summary>Where intermediate files go.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>Where the image goes.</summary>
    [Required]
    public string DistFolder { get; set; } = "";

    /// <summary>The image's name, without an extension.</summary>
    [Required]
    public string ImageName { get; set; } = "";

    /// <summary>True when images of several architectures go to <see cref="DistFolder"/>: names then tell them apart.</summary>
    public bool NameArchitecture { get; set; }

    /// <inheritdoc/>
    protected override void Execute(Toolchain toolchain)
    {
        ArgumentNullException.ThrowIfNull(toolchain);
        foreach (string target in Targets)
        {
            if (NameOf(toolchain, target) is { } name)
            {
                Link(toolchain, target, WriteManifest(toolchain, target), name);
            }
        }
    }

    /// <summary>The image's file name as its context has it; null when the target has no context for this architecture.</summary>
    private string? NameOf(Toolchain toolchain, string target)
    {
        XElement[] contexts = [.. XDocument.Load(Contexts).Descendants("BuildContext")];
        string? name = Name(c => (string?)c.Attribute("Architecture") == toolchain.Architecture);
        if (
            name is not null
            || contexts.Any(c => (string?)c.Attribute("Architecture") == toolchain.Architecture)
        )
        {
            return name;
        }

        // Configured for other architectures and built for this one all the same (eng/build-arm64).
        return Name(_ => true) is { } other
            ? $"{ImageName}.{toolchain.Architecture}{Path.GetExtension(other)}"
            : null;

        string? Name(Func<XElement, bool> fits) =>
            (string?)
                contexts
                    .FirstOrDefault(c => (string?)c.Attribute("Target") == target && fits(c))
                    ?.Attribute("Image");
    }

    private string WriteManifest(Toolchain toolchain, string target)
    {
        string output = Path.Combine(OutputFolder, toolchain.Architecture, $"manifest-{target}.o");
        // A target whose devices differ from those of the first has a manifest of its own.
        string own = Path.ChangeExtension(Manifest, $"{target}.json");
        string source = File.Exists(own) ? own : Manifest;
        try
        {
            byte[] note = ManifestObject.Write(
                ManifestJson.Parse(File.ReadAllBytes(source), source),
                toolchain.Architecture == "arm64" ? ElfMachine.Arm64 : ElfMachine.X64
            );
            File.WriteAllBytes(output, note);
        }
        catch (ManifestException e)
        {
            throw new SdkException("MORGANA040", e.Message);
        }

        return output;
    }

    private void Link(Toolchain toolchain, string target, string manifest, string name)
    {
        string native = Path.Combine(
            toolchain.RuntimeFolder(PackageRoot, RuntimeVersion),
            "native"
        );
        string script = Path.Combine(NativeFolder, toolchain.Target(target).LinkerScript);
        string folder = toolchain.ObjectsFolder(ObjectsFolder, target);
        string[] objects =
        [
            CompileManaged.ObjectPath(OutputFolder, toolchain),
            .. toolchain
                .SourceFiles(NativeFolder, target)
                .Select(source => CompileNativeLayer.ObjectOf(NativeFolder, source, folder)),
            manifest,
        ];
        string[] runtime =
        [
            .. toolchain.RuntimeLibraries.Select(name => Path.Combine(native, name)),
        ];
        string[] pure =
        [
            .. Directory
                .EnumerateFiles(CompileNativeLayer.PureFolder(toolchain, ObjectsFolder), "*.o")
                .Order(StringComparer.Ordinal),
        ];
        string image = Path.Combine(OutputFolder, toolchain.Architecture, $"{ImageName}.{target}");
        string promoted = Path.Combine(DistFolder, name);
        string[] arguments =
        [
            "-T",
            script,
            .. toolchain.LinkerFlags,
            .. objects,
            .. runtime.Where(path => path.EndsWith(".o", StringComparison.Ordinal)),
            "--start-group",
            .. runtime.Where(path => path.EndsWith(".a", StringComparison.Ordinal)),
            "--end-group",
            "--start-lib",
            .. pure,
            "--end-lib",
        ];
        string stamp = Stamp.Compute([script, .. objects], [toolchain.Linker, .. arguments]);
        if (Stamp.IsCurrent(image, stamp) && File.Exists(promoted))
        {
            return;
        }

        Stamp.Forget(image);
        string stripped = image + ".stripped";
        _ = Run(toolchain.Linker, [.. arguments, "-o", image], "MORGANA041", "lld");
        Check(image);
        _ = Run(
            toolchain.Linker,
            [.. arguments, "--strip-all", "-o", stripped],
            "MORGANA041",
            "lld"
        );
        Promote(stripped, promoted);
        ForgetOtherNames(target);
        Stamp.Write(image, stamp);
        Log.LogMessage(
            MessageImportance.High,
            "  {0} -> {1} ({2:N0} bytes)",
            ImageName,
            promoted,
            new FileInfo(promoted).Length
        );
    }

    /// <summary>An image of the other way to name them would go on to lie there and grow stale.</summary>
    private void ForgetOtherNames(string target)
    {
        string[] others = NameArchitecture
            ? [$"{ImageName}.{target}"]
            : [$"{ImageName}.x64.{target}", $"{ImageName}.arm64.{target}"];
        foreach (string other in others)
        {
            File.Delete(Path.Combine(DistFolder, other));
        }
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
