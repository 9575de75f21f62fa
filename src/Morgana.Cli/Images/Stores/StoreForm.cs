using System.CommandLine;
using Morgana.Cli.Output;
using Morgana.Runtime;
using Morgana.Storage;

namespace Morgana.Cli.Images.Stores;

/// <summary><c>morgana image --store [FOLDER] --size N -o FILE</c>: the disk of a store that can be changed, empty or with the files of a folder.</summary>
internal sealed class StoreForm(ImageOptions options) : ImageForm
{
    /// <summary>Values of a batch: fewer than a batch may have.</summary>
    private const int Batch = 1000;

    private readonly Option<string?> _folder = new("--store")
    {
        Description =
            "make the disk of a store that can be changed, with the files of this folder, or empty when none is named",
        HelpName = "FOLDER",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public override Option Choice => _folder;

    public override IReadOnlyList<Option> Details => [options.Size, options.Output, options.Force];

    public override async Task<int> RunAsync(
        ParseResult parsed,
        ImageRequest request,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<FolderFile> files = parsed.GetValue(_folder) is { } folder
            ? FolderFile.All(request.ExistingFolder(folder))
            : [];
        long size =
            parsed.GetValue(options.Size)
            ?? throw new CommandException(
                ExitCode.Usage,
                "Say how large the disk is: --size N, as in --size 64M."
            );
        // Whole blocks whatever their size.
        size =
            (size + BlockRange.LargestBlock - 1)
            / BlockRange.LargestBlock
            * BlockRange.LargestBlock;
        string path = request.NewFile(parsed);
        DateTimeOffset time = ImageRequest.Time;
        try
        {
            await PlacedFile
                .WriteAsync(
                    path,
                    async stream =>
                    {
                        stream.SetLength(size);
                        await FillAsync(new StreamBlockDevice(stream), files, time, cancellation)
                            .ConfigureAwait(false);
                    }
                )
                .ConfigureAwait(false);
        }
        catch (StoreFullException)
        {
            throw new CommandException(
                ExitCode.Failed,
                $"The files do not fit into {size} bytes: give a larger --size."
            );
        }
        catch (ArgumentException e)
        {
            throw new CommandException(ExitCode.Failed, e.Message);
        }

        await request
            .Terminal.Out.WriteAsync($"{request.Named(path)}  {files.Count} values, {size} bytes\n")
            .ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task FillAsync(
        IBlockDevice device,
        IReadOnlyList<FolderFile> files,
        DateTimeOffset time,
        CancellationToken cancellation
    )
    {
        await KeyValueStore.FormatAsync(device, cancellation: cancellation).ConfigureAwait(false);
        KeyValueStore store = await KeyValueStore
            .MountAsync(device, new StoppedClock(time), cancellation: cancellation)
            .ConfigureAwait(false);
        foreach (FolderFile[] part in files.Chunk(Batch))
        {
            IStoreBatch batch = await store.BeginAsync(cancellation).ConfigureAwait(false);
            await using (batch.ConfigureAwait(false))
            {
                foreach (FolderFile file in part)
                {
                    FileStream content = File.OpenRead(file.Path);
                    await using (content.ConfigureAwait(false))
                    {
                        await batch.SetAsync(file.Key, content, cancellation).ConfigureAwait(false);
                    }
                }

                await batch.CommitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Images are the same whenever they are made.</summary>
    private sealed class StoppedClock(DateTimeOffset time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time;
    }
}
