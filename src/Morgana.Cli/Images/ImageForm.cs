using System.CommandLine;

namespace Morgana.Cli.Images;

/// <summary>One of the things that <c>morgana image</c> does, chosen by an option of its own. To add one, derive a class and name it in ImageCommand.</summary>
internal abstract class ImageForm
{
    /// <summary>The option that chooses it, as in <c>--tar FOLDER</c>.</summary>
    public abstract Option Choice { get; }

    /// <summary>Options that belong to it and may stand beside its choice; forms may share one.</summary>
    public virtual IReadOnlyList<Option> Details => [];

    /// <summary>Does it.</summary>
    /// <param name="parsed">The command line, without errors.</param>
    /// <param name="request">Where, and what all forms know.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    /// <exception cref="CommandException">It cannot be done.</exception>
    public abstract Task<int> RunAsync(
        ParseResult parsed,
        ImageRequest request,
        CancellationToken cancellation
    );
}
