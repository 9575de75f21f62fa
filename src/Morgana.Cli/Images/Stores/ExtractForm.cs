using System.CommandLine;
using Morgana.Cli.Output;
using Morgana.Storage;

namespace Morgana.Cli.Images.Stores;

/// <summary><c>morgana image --extract FILE -o FOLDER</c>: the values of a store or an archive as files.</summary>
internal sealed class ExtractForm(ImageOptions options) : ImageForm
{
    private readonly Option<string?> _file = new("--extract")
    {
        Description = "write what is in a disk of a store of either sort into a folder",
        HelpName = "FILE",
    };

    public override Option Choice => _file;

    public override IReadOnlyList<Option> Details => [options.Output, options.Force];

    public override async Task<int> RunAsync(
        ParseResult parsed,
        ImageRequest request,
        CancellationToken cancellation
    )
    {
        string given =
            parsed.GetValue(options.Output)
            ?? throw new CommandException(ExitCode.Usage, "Say which folder to make: -o FOLDER.");
        string folder = request.PathOf(given);
        if (
            (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            && !parsed.GetValue(options.Force)
        )
        {
            throw new CommandException(
                ExitCode.Usage,
                $"{given} is there already and not empty: name another folder, or write into it with --force."
            );
        }

        using OpenedStore opened = await OpenedStore
            .OpenAsync(request.ExistingFile(parsed.GetValue(_file)!), cancellation)
            .ConfigureAwait(false);
        int count = 0;
        await foreach (
            (string key, StoreItem item) in opened.ValuesAsync(cancellation).ConfigureAwait(false)
        )
        {
            string path = Path.GetFullPath(Path.Combine(folder, key));
            // A key of a store may be anything; a file stays within the folder.
            if (
                !path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                || key.Split('/').Any(part => part is "." or "..")
                || key.Contains('\0', StringComparison.Ordinal)
                || LeavesThroughLink(folder, path)
            )
            {
                throw new CommandException(
                    ExitCode.Failed,
                    $"'{key}' would not be a file in {given}; {count} files were written before it."
                );
            }

            try
            {
                Stream value = await opened
                    .Store.OpenReadAsync(key, cancellation)
                    .ConfigureAwait(false);
                await using (value.ConfigureAwait(false))
                {
                    await PlacedFile
                        .WriteAsync(path, file => value.CopyToAsync(file, cancellation))
                        .ConfigureAwait(false);
                }
            }
            catch (StoreCorruptException e)
            {
                throw new CommandException(ExitCode.Failed, e.Message);
            }

            if (item.LastModified is { } time)
            {
                File.SetLastWriteTimeUtc(path, time.UtcDateTime);
            }

            count++;
        }

        await request
            .Terminal.Out.WriteAsync($"{request.Named(folder)}  {count} files\n")
            .ConfigureAwait(false);
        return ExitCode.Done;
    }

    /// <summary>With --force there may be links in the folder.</summary>
    private static bool LeavesThroughLink(string folder, string path)
    {
        for (
            DirectoryInfo? at = new FileInfo(path).Directory;
            at is not null && at.FullName.Length > folder.Length;
            at = at.Parent
        )
        {
            if (at.LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }
}
