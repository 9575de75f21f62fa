namespace Morgana.Workspace.Toolchains;

/// <summary>NuGet's folders of packages on this machine.</summary>
public static class PackageFolders
{
    /// <summary>Those that a restore used, or else the user's: what NUGET_PACKAGES says, or <c>.nuget/packages</c> in the home folder.</summary>
    /// <param name="assetsFile">obj/project.assets.json; it need not be there.</param>
    public static IReadOnlyList<string> Of(string assetsFile)
    {
        IReadOnlyList<string> used = ToolchainPackages.PackageFolders(assetsFile);
        if (used.Count > 0)
        {
            return used;
        }

        return Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? [Path.GetFullPath(named)]
            :
            [
                Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                    ".nuget",
                    "packages"
                ),
            ];
    }
}
