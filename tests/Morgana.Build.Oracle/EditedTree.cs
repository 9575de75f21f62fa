namespace Morgana.Build.Oracle;

/// <summary>A tree that is edited and built: what there is to edit, and the two ways to build it.</summary>
internal abstract class EditedTree : IDisposable
{
    /// <summary>Full path of the tree.</summary>
    public abstract string Root { get; }

    /// <summary>Paths of the files that edits write, whether they are there or not.</summary>
    public abstract IReadOnlyList<string> Pool { get; }

    /// <summary>Folders that change places.</summary>
    public abstract IReadOnlyList<string> Folders { get; }

    /// <summary>Folders of what builds make, in which files are damaged.</summary>
    public abstract IReadOnlyList<string> Made { get; }

    /// <summary>A variable of the environment that a project reads.</summary>
    public abstract string Variable { get; }

    /// <summary>A path at which a link to the folder above comes and goes; empty for none.</summary>
    public abstract string Loop { get; }

    /// <summary>Is called wherever, or whenever, something could happen during a build.</summary>
    public Action Interfere { get; set; } = () => { };

    /// <summary>Why the last clean build that failed did.</summary>
    public string Failure { get; protected set; } = "";

    /// <summary>Whether an edit can come when a build has ended but for its last words: then it is the next build's.</summary>
    public virtual bool IsAlive => false;

    public string this[string path] => Path.Combine(Root, path);

    /// <summary>What an edit writes to a file.</summary>
    /// <param name="path">Which file.</param>
    /// <param name="text">What must show in the image, when the file counts.</param>
    /// <param name="broken">Whether it may be what does not compile.</param>
    public abstract string Content(string path, string text, bool broken);

    /// <summary>The files whose names a file could have as well.</summary>
    public virtual IReadOnlyList<string> Alike(string path) => Pool;

    /// <summary>Builds as users do, and answers what must be equal; null when it does not build.</summary>
    /// <exception cref="OperationCanceledException">The tool was killed.</exception>
    public abstract Task<string?> BuildAsync();

    /// <summary>Builds the same tree with nothing from before.</summary>
    public abstract Task<string?> BuildCleanAsync();

    public void Write(string path, string text)
    {
        string full = this[path];
        _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public abstract void Dispose();
}

/// <summary>The tool was killed.</summary>
internal sealed class KilledException : Exception;
