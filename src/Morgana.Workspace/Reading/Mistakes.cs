using Morgana.Workspace.Contexts;

namespace Morgana.Workspace.Reading;

/// <summary>Collects what is wrong, so that one run shows all of it.</summary>
internal sealed class Mistakes
{
    private readonly List<WorkspaceMistake> _found = [];
    private readonly List<WorkspaceMistake> _notes = [];

    public IReadOnlyList<WorkspaceMistake> Notes => _notes;

    public void Add(string code, FieldPlace place, string message) =>
        Add(_found, code, place, message);

    public void Note(string code, FieldPlace place, string message) =>
        Add(_notes, code, place, message);

    /// <exception cref="WorkspaceException">There is a mistake.</exception>
    public void Throw()
    {
        if (_found.Count > 0)
        {
            throw new WorkspaceException(_found);
        }
    }

    private static void Add(
        List<WorkspaceMistake> list,
        string code,
        FieldPlace place,
        string message
    )
    {
        WorkspaceMistake mistake = new(code, place.File, place.Line, message);
        if (!list.Contains(mistake))
        {
            list.Add(mistake);
        }
    }
}
