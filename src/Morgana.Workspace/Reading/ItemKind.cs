namespace Morgana.Workspace.Reading;

/// <summary>A kind of items that the reader knows, and the fields that such an item may have.</summary>
internal sealed record ItemKind(string Name, IReadOnlyList<string> Fields)
{
    public static ItemKind Context { get; } =
        new(
            "BuildContext",
            [
                "Host",
                "TargetName",
                "Architecture",
                "Toolchain",
                "Profile",
                "Image",
                "Bindings",
                "CFlags",
                "LinkFlags",
                "IlcOptions",
                "Environment",
                "Ide",
                "EnabledIf",
            ]
        );

    public static ItemKind Step { get; } =
        new("BuildStep", ["Program", "Arguments", "Inputs", "Outputs", "EnabledIf"]);

    public static ItemKind ToolchainFolder { get; } = new("ToolchainFolder", []);

    public static IReadOnlyList<ItemKind> All { get; } = [Context, Step, ToolchainFolder];

    /// <summary>MSBuild does not tell upper from lower case, so nor does the reader.</summary>
    public static ItemKind? Find(string name) =>
        All.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public string? Field(string name) =>
        Fields.FirstOrDefault(field => field.Equals(name, StringComparison.OrdinalIgnoreCase));
}
