using System.CommandLine;
using Morgana.Cli.Projects;
using Morgana.Configuration;

namespace Morgana.Cli.Commands;

/// <summary>Options that several commands have, with one wording.</summary>
internal static class CommonOptions
{
    /// <summary>-t TARGETS; which there are is known when config.cs has been read.</summary>
    public static Option<string[]> Targets() =>
        new("--target", "-t")
        {
            Description =
                $"what kinds of machine the images are for, with commas between or given again [default: {Target.Spt}]",
            HelpName = string.Join('|', Target.BuiltIn) + "|...",
        };

    /// <summary>--arch LIST.</summary>
    public static Option<string[]> Architectures()
    {
        Option<string[]> option = new("--arch")
        {
            Description =
                "the architectures to build for, with commas between or given again [default: x64]",
            HelpName = "x64,arm64",
        };
        option.Validators.Add(result =>
        {
            try
            {
                _ = Configuration.Generation.Architectures.Parse(
                    string.Join(',', result.Tokens.Select(token => token.Value))
                );
            }
            catch (ConfigurationException exception)
            {
                result.AddError(exception.Message);
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
