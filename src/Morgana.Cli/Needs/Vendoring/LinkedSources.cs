namespace Morgana.Cli.Needs.Vendoring;

/// <summary>Sources at the addresses that a PDB names one by one (Source Link).</summary>
internal static class LinkedSources
{
    private const int AtOnce = 8;

    /// <summary>Fetches documents and compares them with the hashes that the compiler wrote down.</summary>
    /// <param name="documents">The PDB, which knows the addresses.</param>
    /// <param name="open">The documents to fetch.</param>
    /// <param name="contents">Where they are put.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="SourcesException">One cannot be had, or is another.</exception>
    public static async Task FetchAsync(
        SourceDocuments documents,
        IReadOnlyList<SourceDocument> open,
        Dictionary<SourceDocument, byte[]> contents,
        CancellationToken cancellation
    )
    {
        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(20) };
        // The first alone: where there is no network, one refusal is enough.
        contents[open[0]] = await OneAsync(client, documents, open[0], cancellation)
            .ConfigureAwait(false);
        using SemaphoreSlim turn = new(AtOnce);
        byte[][] others = await Task.WhenAll(
                open.Skip(1)
                    .Select(async document =>
                    {
                        await turn.WaitAsync(cancellation).ConfigureAwait(false);
                        try
                        {
                            return await OneAsync(client, documents, document, cancellation)
                                .ConfigureAwait(false);
                        }
                        finally
                        {
                            turn.Release();
                        }
                    })
            )
            .ConfigureAwait(false);
        for (int i = 0; i < others.Length; i++)
        {
            contents[open[i + 1]] = others[i];
        }
    }

    private static async Task<byte[]> OneAsync(
        HttpClient client,
        SourceDocuments documents,
        SourceDocument document,
        CancellationToken cancellation
    )
    {
        string? address = documents.AddressOf(document);
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("https" or "http" or "file")
        )
        {
            throw new SourcesException($"names no address for {document.Path}");
        }

        byte[] content;
        try
        {
            content = uri.IsFile
                ? await File.ReadAllBytesAsync(uri.LocalPath, cancellation).ConfigureAwait(false)
                : await client.GetByteArrayAsync(uri, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or UnauthorizedAccessException
                || (exception is TaskCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            throw new SourcesException(
                $"names its sources at {uri.GetLeftPart(UriPartial.Authority)}, which cannot be reached ({exception.Message})"
            );
        }

        return document.Matches(ref content)
            ? content
            : throw new SourcesException(
                $"was not compiled from what is at {uri} now (it has another hash)"
            );
    }
}
