using System.Runtime.InteropServices;
using Microsoft.Build.Framework;
using Morgana.Sdk.Planning;
using Morgana.Workspace;
using Morgana.Workspace.Resolution;

namespace Morgana.Sdk;

/// <summary>
/// Makes shared libraries of the foreign stubs for the program as ordinary .NET, beside its assembly, where the runtime looks for them.
/// </summary>
public sealed class BuildHostStubs : WorkspaceTask
{
    /// <summary>The items ForeignStub.</summary>
    public ITaskItem[] ForeignStubs { get; set; } = [];

    /// <summary>The project's name, which is that of the library of stubs that give none.</summary>
    [Required]
    public string ProjectName { get; set; } = "";

    /// <summary>Where the program's assembly is.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>Where intermediate files go.</summary>
    [Required]
    public string WorkFolder { get; set; } = "";

    /// <summary>Whether images are made after this, with the same sources: they tell what does not compile, at its lines.</summary>
    public bool ImagesFollow { get; set; }

    /// <inheritdoc/>
    protected override void Work(DeclaredWorkspace workspace)
    {
        ResolvedWorkspace resolved = Resolve(workspace);
        IReadOnlyList<ForeignStub> stubs = ForeignStub.Read(
            ForeignStubs,
            ProjectFolder,
            ProjectName,
            resolved.Images
        );
        string architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.Arm64 => "arm64",
            _ => "x64",
        };
        // The C compiler is that of an image for the same processor, whichever comes first; without one there is none that is known to work.
        ResolvedContext? context = resolved
            .Images.Where(image => image.Context.Architecture == architecture)
            .FirstOrDefault();
        if (context is null || !OperatingSystem.IsLinux())
        {
            Log.LogMessage(
                MessageImportance.Low,
                "no library of the foreign stubs for {0}",
                RuntimeInformation.RuntimeIdentifier
            );
            return;
        }

        foreach (
            IGrouping<string, ForeignStub> library in stubs
                .Where(stub => stub.Host && stub.IsSource)
                .Select(stub => stub.For(context))
                .GroupBy(stub => stub.Library)
        )
        {
            Make(context, library.Key, [.. library]);
        }
    }

    private void Make(ResolvedContext context, string library, ForeignStub[] stubs)
    {
        string folder = Path.Combine(
            Path.GetFullPath(WorkFolder, ProjectFolder),
            "host-stubs",
            library
        );
        _ = Directory.CreateDirectory(folder);
        List<string> objects = [];
        foreach (ForeignStub stub in stubs)
        {
            string output = Path.Combine(folder, $"{objects.Count}.o");
            string printed;
            try
            {
                printed = Run(
                    context.Toolchain.Compiler,
                    [
                        .. Planning
                            .ForeignStubs.Flags(context, stub)
                            .Where(flag => flag is not ("-fno-pic" or "-static")),
                        "-fPIC",
                        "-c",
                        stub.Path,
                        "-o",
                        output,
                    ],
                    "MORGANA020",
                    "clang",
                    context.Context.Environment
                );
            }
            catch (SdkException) when (ImagesFollow)
            {
                return;
            }

            if (printed.Length > 0)
            {
                Log.LogMessage(MessageImportance.High, "{0}", printed);
            }

            objects.Add(output);
        }

        try
        {
            _ = Run(
                context.Toolchain.Linker,
                [
                    "-shared",
                    // Of its own functions it takes its own, whatever else is loaded; the rest is the C library's, which is loaded already.
                    "-Bsymbolic",
                    "--build-id=none",
                    "-z",
                    "noexecstack",
                    "-soname",
                    $"lib{library}.so",
                    .. objects,
                    "-o",
                    Path.Combine(Path.GetFullPath(OutputFolder, ProjectFolder), $"lib{library}.so"),
                ],
                "MORGANA041",
                "lld",
                context.Context.Environment
            );
        }
        catch (SdkException e) when (ImagesFollow)
        {
            Log.LogWarning(
                null,
                e.Code,
                null,
                null,
                0,
                0,
                0,
                0,
                "The foreign stubs called \"{0}\" make no shared library for ordinary .NET, only images have them; Host=\"false\" keeps a source out of it. {1}",
                library,
                e.Message
            );
        }
    }
}
