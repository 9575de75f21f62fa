using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Images;

/// <summary>Where things lie in the checkout that the tests run from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Morgana.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The spt tender; <c>MORGANA_TENDER</c> names another, for example upstream's.</summary>
    public static string Tender =>
        Existing(
            Environment.GetEnvironmentVariable("MORGANA_TENDER")
                ?? Path.Combine(
                    Root,
                    "artifacts",
                    "tender",
                    $"linux-{Architecture}",
                    "morgana-spt"
                ),
            "the spt tender",
            "./test builds it before the end-to-end tests"
        );

    /// <summary>The <c>morgana</c> tool, built with this project.</summary>
    public static string MorganaTool
    {
        get
        {
            // bin/CONFIGURATION/FRAMEWORK of this project and of the tool are the same.
            string framework = Path.GetFileName(
                Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)
            );
            string configuration = Path.GetFileName(
                Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!
            );
            return Existing(
                Path.Combine(
                    Root,
                    "src",
                    "Morgana.Cli",
                    "bin",
                    configuration,
                    framework,
                    "morgana"
                ),
                "the morgana tool",
                "dotnet build tests/Morgana.EndToEnd"
            );
        }
    }

    private static string Architecture =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture
        == System.Runtime.InteropServices.Architecture.Arm64
            ? "arm64"
            : "x64";

    /// <summary>
    /// The built image of a project: <c>FOLDER/dist/NAME.spt</c>. <c>MORGANA_IMAGE_NAME</c> (in capitals) names another
    /// file.
    /// </summary>
    public static string Image(string folder, string name) =>
        Existing(
            Environment.GetEnvironmentVariable($"MORGANA_IMAGE_{name.ToUpperInvariant()}")
                ?? Path.Combine(Root, folder, "dist", $"{name}.spt"),
            $"the image {name}",
            $"in {folder}: morgana configure -t spt && morgana build"
        );

    private static string Existing(string path, string what, string how) =>
        File.Exists(path)
            ? path
            : throw new MissingToolException(
                $"{what} is not built ({path} is missing). Build it: {how}"
            );

    private static string FindRoot()
    {
        for (
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "Morgana.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new MissingToolException(
            "These tests run from a checkout; Morgana.slnx was not found above them."
        );
    }
}
