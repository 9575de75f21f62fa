namespace Morgana.Build.Stubs;

/// <summary>An object or static library of a foreign stub, as an action's arguments carry it.</summary>
/// <param name="Library">The name under which C# imports its functions.</param>
/// <param name="Source">What the user wrote: the C source, or the library itself. Full path.</param>
/// <param name="Path">The object or static library that is linked. Full path.</param>
public sealed record StubFile(string Library, string Source, string Path)
{
    private const string Mark = "--stub";

    /// <summary>Whether it was compiled here, rather than brought as a file.</summary>
    public bool IsCompiled => Source != Path;

    /// <summary>The arguments that <see cref="Read"/> reads back.</summary>
    public IEnumerable<string> ToArguments() => [Mark, Library, Source, Path];

    /// <summary>The stubs among an action's arguments, in their order.</summary>
    public static IReadOnlyList<StubFile> Read(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        List<StubFile> found = [];
        for (int at = 0; at + 3 < arguments.Count; at++)
        {
            if (arguments[at] == Mark)
            {
                found.Add(new StubFile(arguments[at + 1], arguments[at + 2], arguments[at + 3]));
                at += 3;
            }
        }

        return found;
    }
}
