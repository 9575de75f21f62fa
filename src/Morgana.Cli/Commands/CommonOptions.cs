using System.CommandLine;
using Morgana.Cli.Projects;
using Morgana.Configuration;

namespace Morgana.Cli.Commands;

/// <summary>Options that several commands have, with one wording.</summary>
internal static class CommonOptions
{
    /// <summary>-t TARGET.</summary>
    public static Option<string> Target()
    {
        Option<string> option = new("--target", "-t")
        {
            Description =
                $"what kind of machine the image is for [default: {Configuration.Target.Spt}]",
            HelpName = string.Join('|', Configuration.Target.All),
        };
        option.Validators.Add(result =>
        {
            if (
                result.Tokens is [{ Value: string name }]
                && !Configuration.Target.TryParse(name, out _)
            )
            {
                result.AddError(
                    $"There is no target '{name}'. The targets are: {string.Join(", ", Configuration.Target.All)}."
                );
            }
        });
        return option;
    }

    /// <summary>--arch LIST.</summary>
    public static Option<string> Architectures()
    {
        Option<string> option = new("--arch")
        {
            Description = "the architectures to build for, with commas between [default: x64]",
            HelpName = "x64,arm64",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string list }])
            {
                try
                {
                    _ = Configuration.Generation.Architectures.Parse(list);
                }
                catch (ConfigurationException exception)
                {
                    result.AddError(exception.Message);
                }
            }
        });
        return option;
    }

    /// <summary>-f FILE.</summary>
    public static Option<string?> File() =>
        new("--file", "-f")
        {
            Description = "the configuration [default: config.cs]",
            HelpName = "FILE",
        };

    /// <summary>-C DIR, after the command's name.</summary>
    public static Option<string?> Folder() =>
        new("--directory", "-C")
        {
            Description = "the folder of the unikernel [default: this one]",
            HelpName = "DIR",
        };

    /// <summary>--json.</summary>
    public static Option<bool> Json() => new("--json") { Description = "print the result as JSON" };

    /// <summary>--verbose.</summary>
    public static Option<bool> Verbose() =>
        new("--verbose", "-v") { Description = "pass on all that dotnet says" };

    /// <summary>The folder that the options name.</summary>
    public static UnikernelFolder Open(
        ParseResult parsed,
        string directory,
        Option<string?> folder,
        Option<string?>? file = null
    )
    {
        string path = Path.GetFullPath(parsed.GetValue(folder) ?? ".", directory);
        if (!Directory.Exists(path))
        {
            throw new CommandException(
                ExitCode.Usage,
                $"-C {parsed.GetValue(folder)}: there is no such folder."
            );
        }

        return UnikernelFolder.Open(path, file is null ? null : parsed.GetValue(file));
    }
}
