namespace Morgana.Workspace.Contexts;

/// <summary>
/// A build context: one way to build the program of a workspace. It is an MSBuild item <c>BuildContext</c> of
/// <c>morgana/contexts.props</c> (written by <c>morgana configure</c>) or <c>workspace.props</c> (the user's own); the
/// properties here are that item's metadata, under the same names but for <see cref="Target"/>, which is TargetName there: MSBuild takes no metadata
/// that is called like one of its own elements.
/// </summary>
public sealed record BuildContext
{
    /// <summary>The context every workspace has: the program as ordinary .NET, for tests, tools and the debugger.</summary>
    public const string DefaultName = "default";

    /// <summary>The name on command lines, as in <c>spt-arm64</c>; letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>The context in which programs that run during the build are built.</summary>
    public string Host { get; init; } = DefaultName;

    /// <summary>The target's name, as in <c>spt</c>; empty for a context of ordinary .NET, in which programs that run during the build are built.</summary>
    public string Target { get; init; } = "";

    /// <summary>The architecture as .NET calls it: <c>x64</c> or <c>arm64</c>.</summary>
    public string Architecture { get; init; } = "x64";

    /// <summary>The toolchain's name; together with the architecture it decides the toolchain file.</summary>
    public string Toolchain { get; init; } = "morgana";

    /// <summary><c>release</c>, <c>size</c>, <c>speed</c> or <c>debug</c>.</summary>
    public string Profile { get; init; } = "release";

    /// <summary>File name of the image in <c>dist/</c>.</summary>
    public string Image { get; init; } = "";

    /// <summary>A folder with the target's C sources and its linker script <c>image.lds</c>, for targets that the toolchain does not bring.</summary>
    public string Bindings { get; init; } = "";

    /// <summary>Flags added to every compilation of C.</summary>
    public IReadOnlyList<string> CFlags { get; init; } = [];

    /// <summary>Flags added to the link.</summary>
    public IReadOnlyList<string> LinkFlags { get; init; } = [];

    /// <summary>Options added to the ahead-of-time compiler.</summary>
    public IReadOnlyList<string> IlcOptions { get; init; } = [];

    /// <summary>Environment of the programs that the build runs, <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Whether the editor's metadata is made for this context.</summary>
    public bool Ide { get; init; }

    /// <summary>The condition under which the context counts, as it was written; empty for always.</summary>
    public string EnabledIf { get; init; } = "";

    /// <summary>Whether <see cref="EnabledIf"/> holds: a context that is not enabled is known, and not built.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Full path of the file that declares it; empty for the default context.</summary>
    public string File { get; init; } = "";

    /// <summary>The line in <see cref="File"/>, from 1; 0 without a file.</summary>
    public int Line { get; init; }

    /// <summary>Where a field was said, when it was said: <c>Update</c> in workspace.props moves it away from <see cref="File"/>.</summary>
    public IReadOnlyDictionary<string, FieldPlace> Places { get; init; } =
        new Dictionary<string, FieldPlace>();

    /// <summary>Whether an image is made: not in a context of ordinary .NET.</summary>
    public bool MakesImage => Target.Length > 0;

    /// <summary>Where <paramref name="field"/> was said, or else where the context is declared.</summary>
    public FieldPlace PlaceOf(string field) =>
        Places.TryGetValue(field, out FieldPlace? place) ? place : new FieldPlace(File, Line);
}
