namespace Morgana.Rig.Guest;

/// <summary>The checkout that this program was built in.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds <c>Morgana.slnx</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Morgana.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new RigException(
                $"The rig runs from a checkout; Morgana.slnx was not found above {AppContext.BaseDirectory}."
            );
    }
}
