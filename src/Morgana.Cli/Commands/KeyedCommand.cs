using System.CommandLine;
using Morgana.Cli.Configure;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Graph;

namespace Morgana.Cli.Commands;

/// <summary>
/// A command that has the keys of the unikernel as options. They are known only when config.cs has been read, so its command
/// line is parsed twice: first for the folder and the file, then, with <see cref="LoadAsync"/> between, for all of it.
/// </summary>
internal abstract class KeyedCommand : Command
{
    private readonly string _directory;
    private readonly List<(KeyShape Key, Option<string?> Option)> _keys = [];
    private UnikernelFolder? _folder;
    private UnikernelGraph? _graph;

    /// <summary>A command with the options that lead to config.cs.</summary>
    protected KeyedCommand(string name, string description, Terminal terminal, string directory)
        : base(name, description)
    {
        Terminal = terminal;
        _directory = directory;
        Options.Add(Target);
        Options.Add(File);
        Options.Add(Folder);
        TreatUnmatchedTokensAsErrors = false;
    }

    /// <summary>Where the command speaks.</summary>
    protected Terminal Terminal { get; }

    private Option<string[]> Target { get; } = CommonOptions.Targets();

    private Option<string?> File { get; } = CommonOptions.File();

    private Option<string?> Folder { get; } = CommonOptions.Folder();

    /// <summary>The unikernel's folder.</summary>
    protected UnikernelFolder Unikernel =>
        _folder ?? throw new InvalidOperationException("LoadAsync comes first.");

    /// <summary>What config.cs registers.</summary>
    protected UnikernelGraph Graph =>
        _graph ?? throw new InvalidOperationException("LoadAsync comes first.");

    /// <summary>Reads config.cs and takes up its keys.</summary>
    /// <param name="first">What the first parse found.</param>
    /// <param name="cancellation">Ends a run of config.cs.</param>
    /// <exception cref="CommandException">There is no config.cs, or it failed.</exception>
    public async Task LoadAsync(ParseResult first, CancellationToken cancellation)
    {
        TreatUnmatchedTokensAsErrors = true;
        _folder = CommonOptions.Open(first, _directory, Folder, File);
        _graph = await new ConfigProgram(_folder, Terminal)
            .GraphAsync(cancellation)
            .ConfigureAwait(false);
        KeyShape targets = _graph.Keys.Single(k => k.Kind == KeyKind.Target);
        Target.Validators.Add(result =>
        {
            string given = TargetList.Join(result.Tokens.Select(token => token.Value));
            if (!targets.TryRead(given, out _, out string error))
            {
                result.AddError($"-t {given}: {error}.");
            }
        });
        foreach (KeyShape key in _graph.Keys.Where(k => k.Kind != KeyKind.Target))
        {
            Option<string?> option = new("--" + key.Name)
            {
                Description = $"key of {_graph.Name}: {key.Help} [default: {key.Default}]",
                HelpName = key.Kind switch
                {
                    KeyKind.Flag => "true|false",
                    KeyKind.Number => "NUMBER",
                    KeyKind.Text => "TEXT",
                    _ => string.Join('|', key.Choices),
                },
                Arity =
                    key.Kind == KeyKind.Flag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            };
            option.Validators.Add(result =>
            {
                if (
                    result.Tokens is [{ Value: string text }]
                    && !key.TryRead(text, out _, out string error)
                )
                {
                    result.AddError($"--{key.Name} cannot be '{text}': {error}.");
                }
            });
            Options.Add(option);
            _keys.Add((key, option));
        }
    }

    /// <summary>The keys that were given, the target among them, with the values as written.</summary>
    protected Dictionary<string, string> Given(ParseResult parsed)
    {
        Dictionary<string, string> given = [];
        foreach ((KeyShape key, Option<string?> option) in _keys)
        {
            if (parsed.GetResult(option) is not null)
            {
                given[key.Name] = parsed.GetValue(option) ?? "";
            }
        }

        if (parsed.GetValue(Target) is { Length: > 0 } targets)
        {
            given["target"] = TargetList.Join(targets);
        }

        return given;
    }
}
