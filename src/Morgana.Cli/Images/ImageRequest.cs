using System.CommandLine;
using System.Globalization;
using Morgana.Cli.Output;

namespace Morgana.Cli.Images;

/// <summary>What every form of <c>morgana image</c> is told.</summary>
/// <param name="Terminal">Where it speaks.</param>
/// <param name="Directory">The folder that relative paths begin at.</param>
/// <param name="Options">The options that forms share.</param>
internal sealed record ImageRequest(Terminal Terminal, string Directory, ImageOptions Options)
{
    /// <summary>The whole path of a file or folder that the user named.</summary>
    public string PathOf(string given) => Path.GetFullPath(given, Directory);

    /// <summary>A path as a message names it.</summary>
    public string Named(string path) => Path.GetRelativePath(Directory, path);

    /// <summary>A file to read.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public string ExistingFile(string given) =>
        File.Exists(PathOf(given))
            ? PathOf(given)
            : throw new CommandException(ExitCode.Usage, $"{given}: there is no such file.");

    /// <summary>A folder to read.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public string ExistingFolder(string given) =>
        System.IO.Directory.Exists(PathOf(given))
            ? PathOf(given)
            : throw new CommandException(ExitCode.Usage, $"{given}: there is no such folder.");

    /// <summary>The place of --output.</summary>
    /// <exception cref="CommandException">It was not given, or something is there and must not be lost.</exception>
    public string NewFile(ParseResult parsed)
    {
        string given =
            parsed.GetValue(Options.Output)
            ?? throw new CommandException(ExitCode.Usage, "Say which file to make: -o FILE.");
        string path = PathOf(given);
        return
            (!File.Exists(path) || parsed.GetValue(Options.Force))
            && !System.IO.Directory.Exists(path)
            ? path
            : throw new CommandException(
                ExitCode.Usage,
                $"{given} is there already: name another file, or write over it with --force."
            );
    }

    /// <summary>The time that is written into images: they are the same whenever they are made.</summary>
    /// <exception cref="CommandException">SOURCE_DATE_EPOCH is no number.</exception>
    public static DateTimeOffset Time
    {
        get
        {
            string? text = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
            if (string.IsNullOrEmpty(text))
            {
                return DateTimeOffset.UnixEpoch;
            }

            return
                long.TryParse(
                    text,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out long seconds
                )
                && seconds <= 253402300799
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : throw new CommandException(
                    ExitCode.Usage,
                    $"SOURCE_DATE_EPOCH is '{text}': it must be a number of seconds since 1970."
                );
        }
    }
}
