using System.CommandLine;
using System.Globalization;

namespace Morgana.Cli.Images.Stores;

/// <summary><c>morgana image --list FILE</c>: what is in a store or an archive.</summary>
internal sealed class ListForm : ImageForm
{
    private readonly Option<string?> _file = new("--list")
    {
        Description = "list what is in a disk of a store of either sort: time, bytes, key",
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
        await foreach (
            (string key, Storage.StoreItem item) in opened
                .ValuesAsync(cancellation)
                .ConfigureAwait(false)
        )
        {
            string time =
                item.LastModified?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
                ?? "-";
            await request
                .Terminal.Out.WriteAsync($"{time}  {item.Size, 12}  {key}\n")
                .ConfigureAwait(false);
        }

        return ExitCode.Done;
    }
}
