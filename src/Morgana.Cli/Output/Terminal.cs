using System.Text.Json.Nodes;
using Spectre.Console;

namespace Morgana.Cli.Output;

/// <summary>Where a command speaks: results on the one stream, messages on the other.</summary>
internal sealed class Terminal
{
    /// <summary>Results: what a script would read.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Messages and progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>True when a person is watching <see cref="Error"/>, so that progress may move.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The streams of the process.</summary>
    public static Terminal OfProcess() =>
        new()
        {
            Out = Console.Out,
            Error = Console.Error,
            IsWatched = !Console.IsErrorRedirected && !Console.IsOutputRedirected,
        };

    /// <summary>Prints a value as JSON and a line end.</summary>
    public void Json(JsonNode value)
    {
        Out.Write(value.ToJsonString(JsonOutput.Indented));
        Out.Write('\n');
    }

    /// <summary>Does something that takes seconds, with a sign of life for whoever watches.</summary>
    public async Task<T> Working<T>(string what, Func<Task<T>> work)
    {
        if (!IsWatched)
        {
            return await work().ConfigureAwait(false);
        }

        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) }
        );
        return await console
            .Status()
            .Spinner(Spinner.Known.Line)
            .StartAsync(Markup.Escape(what), _ => work())
            .ConfigureAwait(false);
    }
}
