using System.CommandLine;
using Morgana.Storage;

namespace Morgana.Cli.Images.Stores;

/// <summary><c>morgana image --check FILE</c>: reads everything that is in a store or an archive, and compares it with its checksums.</summary>
internal sealed class CheckForm : ImageForm
{
    private readonly Option<string?> _file = new("--check")
    {
        Description = "read all of a disk of a store of either sort, and say what is damaged",
        HelpName = "FILE",
    };

    public override Option Choice => _file;

    public override async Task<int> RunAsync(
        ParseResult parsed,
        ImageRequest request,
        CancellationToken cancellation
    )
    {
        using OpenedStore opened = await OpenedStore
            .OpenAsync(request.ExistingFile(parsed.GetValue(_file)!), cancellation)
            .ConfigureAwait(false);
        TextWriter output = request.Terminal.Out;
        if (opened.Store is KeyValueStore store)
        {
            long damaged = await store
                .VerifyAsync(
                    message => request.Terminal.Error.Write($"morgana: {message}\n"),
                    cancellation
                )
                .ConfigureAwait(false);
            StoreUsage usage = store.Usage;
            await output
                .WriteAsync(
                    $"store, generation {usage.Generation}: {usage.Keys} values with {usage.ValueBytes} bytes, {damaged} damaged; {usage.Free} of {usage.Capacity} bytes free\n"
                )
                .ConfigureAwait(false);
            return damaged == 0 ? ExitCode.Done : ExitCode.Failed;
        }

        long bytes = 0;
        int count = 0;
        await foreach (
            (string key, StoreItem item) in opened.ValuesAsync(cancellation).ConfigureAwait(false)
        )
        {
            // There is nothing in an archive to compare it with; it can be read, at least.
            _ = await opened.Store.DigestAsync(key, cancellation).ConfigureAwait(false);
            bytes += item.Size;
            count++;
        }

        await output
            .WriteAsync($"tar archive: {count} files with {bytes} bytes\n")
            .ConfigureAwait(false);
        return ExitCode.Done;
    }
}
