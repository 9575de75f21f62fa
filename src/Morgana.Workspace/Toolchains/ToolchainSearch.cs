using Morgana.Workspace.Contexts;
using Morgana.Workspace.Reading;

namespace Morgana.Workspace.Toolchains;

/// <summary>
/// Finds toolchains by name and architecture: in the workspace, in the folders that it or MORGANA_TOOLCHAINS names, in NuGet packages, in the SDK.
/// The first place that has one counts, so a workspace can have its own under a name that is taken elsewhere.
/// </summary>
public sealed class ToolchainSearch
{
    /// <summary>The environment variable with folders, parted like those of PATH.</summary>
    public const string Variable = "MORGANA_TOOLCHAINS";

    /// <summary>Toolchains lie one folder below a place, or two: <c>toolchains/NAME/ARCHITECTURE/toolchain.json</c>.</summary>
    private const int DeepestFolder = 2;

    private readonly List<Toolchain> _found = [];

    /// <summary>Searches these places, in this order.</summary>
    /// <exception cref="WorkspaceException">A toolchain.json cannot be read, or one place has two of one name and architecture.</exception>
    public ToolchainSearch(IReadOnlyList<ToolchainOrigin> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        Places = places;
        List<WorkspaceMistake> mistakes = [];
        foreach (ToolchainOrigin place in places)
        {
            Search(place, mistakes);
        }

        if (mistakes.Count > 0)
        {
            throw new WorkspaceException(mistakes);
        }
    }

    /// <summary>The places, those without a toolchain included.</summary>
    public IReadOnlyList<ToolchainOrigin> Places { get; }

    /// <summary>All toolchains, in the order of their places; one that an earlier place hides is left out.</summary>
    public IReadOnlyList<Toolchain> Toolchains => _found;

    /// <summary>The places for a workspace.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="packages">Packages with toolchains, see <see cref="ToolchainPackages"/>.</param>
    /// <param name="sdkFolder">The SDK's own <c>toolchains/</c>; null for none.</param>
    /// <param name="variable">The value of <see cref="Variable"/>.</param>
    public static IReadOnlyList<ToolchainOrigin> PlacesOf(
        DeclaredWorkspace workspace,
        IEnumerable<ToolchainOrigin> packages,
        string? sdkFolder,
        string? variable
    )
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(packages);
        List<ToolchainOrigin> places =
        [
            new(
                ToolchainOriginKind.Workspace,
                Path.Combine(workspace.Folder, "toolchains"),
                "toolchains/"
            ),
        ];
        places.AddRange(
            workspace.ToolchainFolders.Select(folder => new ToolchainOrigin(
                ToolchainOriginKind.Folder,
                folder.Path,
                $"{folder.File}({folder.Line})"
            ))
        );
        places.AddRange(
            (variable ?? "")
                .Split(
                    Path.PathSeparator,
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                )
                .Select(folder => new ToolchainOrigin(
                    ToolchainOriginKind.Variable,
                    Path.GetFullPath(folder, workspace.Folder),
                    Variable
                ))
        );
        places.AddRange(packages);
        if (sdkFolder is not null)
        {
            places.Add(
                new ToolchainOrigin(ToolchainOriginKind.Sdk, Path.GetFullPath(sdkFolder), "SDK")
            );
        }

        return places;
    }

    /// <summary>The toolchain of a context.</summary>
    /// <exception cref="WorkspaceException">There is none; says what is there, where it was looked for, and which line asks for it.</exception>
    public Toolchain Find(BuildContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Toolchain? found = _found.Find(toolchain => Serves(toolchain, context));
        if (found is null)
        {
            throw new WorkspaceException([Mistake(context)]);
        }

        if (context.Bindings.Length == 0 && !found.Targets.ContainsKey(context.Target))
        {
            FieldPlace asks = context.PlaceOf("TargetName");
            throw new WorkspaceException(
                "MORGANA011",
                asks.File,
                asks.Line,
                $"The toolchain '{found.Name}' for {found.Architecture} ({found.File}) has no target '{context.Target}'{Spelling.Advice(context.Target, [.. found.Targets.Keys.Order(StringComparer.Ordinal)], "targets")} A target of your own has its C sources and image.lds in a folder that Bindings names."
            );
        }

        return found;
    }

    private WorkspaceMistake Mistake(BuildContext context)
    {
        string name = context.Toolchain;
        string[] architectures =
        [
            .. _found.Where(t => Same(t.Name, name)).Select(t => t.Architecture).Distinct(),
        ];
        string[] names = [.. _found.Select(t => t.Name).Distinct()];
        string what =
            architectures.Length > 0
                ? $"The toolchain '{name}' is not there for {context.Architecture}, only for {string.Join(" and ", architectures)}."
                : $"There is no toolchain '{name}' for {context.Architecture}{(Spelling.Nearest(name, names) is string near ? $"; did you mean '{near}'?" : ".")}";
        string there =
            _found.Count == 0
                ? "none"
                : string.Join(
                    ", ",
                    _found.Select(t => $"{t.Name} for {t.Architecture} ({t.Origin})")
                );
        FieldPlace place = context.PlaceOf("Toolchain");
        return new WorkspaceMistake(
            "MORGANA013",
            place.File,
            place.Line,
            $"{what} The context '{context.Name}' asks for it. There are: {there}. Looked in: {string.Join(", ", Places.Select(p => p.Folder))}. Another folder is named by <ToolchainFolder Include=\"FOLDER\" /> in workspace.props or by {Variable}."
        );
    }

    private void Search(ToolchainOrigin place, List<WorkspaceMistake> mistakes)
    {
        List<Toolchain> here = [];
        foreach (string file in Files(place.Folder, DeepestFolder))
        {
            Toolchain toolchain;
            try
            {
                toolchain = Toolchain.Load(file);
            }
            catch (WorkspaceException e)
            {
                mistakes.AddRange(e.Mistakes);
                continue;
            }

            toolchain.Origin = place;
            if (here.Find(other => Same(other, toolchain)) is Toolchain twin)
            {
                mistakes.Add(
                    new WorkspaceMistake(
                        "MORGANA014",
                        file,
                        0,
                        $"The toolchain '{toolchain.Name}' for {toolchain.Architecture} is in {place.Folder} twice: {twin.File} is the other. Rename one of them, or take it away."
                    )
                );
                continue;
            }

            here.Add(toolchain);
        }

        _found.AddRange(here.Where(toolchain => !_found.Any(other => Same(other, toolchain))));
    }

    private static IEnumerable<string> Files(string folder, int depth)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        string file = Path.Combine(folder, Toolchain.FileName);
        if (File.Exists(file))
        {
            return [file];
        }

        return depth == 0
            ? []
            : Directory
                .EnumerateDirectories(folder)
                .Order(StringComparer.Ordinal)
                .SelectMany(inner => Files(inner, depth - 1));
    }

    private static bool Serves(Toolchain toolchain, BuildContext context) =>
        Same(toolchain.Name, context.Toolchain)
        && Same(toolchain.Architecture, context.Architecture);

    private static bool Same(Toolchain one, Toolchain other) =>
        Same(one.Name, other.Name) && Same(one.Architecture, other.Architecture);

    private static bool Same(string one, string other) =>
        one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
