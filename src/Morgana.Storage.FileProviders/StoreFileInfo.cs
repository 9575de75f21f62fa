using Microsoft.Extensions.FileProviders;

namespace Morgana.Storage.FileProviders;

/// <summary>A value or a folder of a store as a file.</summary>
internal sealed class StoreFileInfo(IReadOnlyStore store, string key, StoreItem item) : IFileInfo
{
    public bool Exists => true;

    public bool IsDirectory => item.Kind == StoreItemKind.Folder;

    /// <summary>That of the program's beginning of time where the store knows none: a file must have one, and it must not change.</summary>
    public DateTimeOffset LastModified => item.LastModified ?? DateTimeOffset.UnixEpoch;

    public long Length => IsDirectory ? -1 : item.Size;

    public string Name => item.Name;

    public string? PhysicalPath => null;

    public Stream CreateReadStream() =>
        IsDirectory ? throw new InvalidOperationException($"'{key}' is a folder.") : Open();

    private Stream Open()
    {
        try
        {
            return StoreFileProvider.Finished(store.OpenReadAsync(key));
        }
        catch (StoreKeyNotFoundException e)
        {
            throw new FileNotFoundException($"'{key}' has been deleted.", key, e);
        }
    }
}
