using System.Collections;
using Microsoft.Extensions.FileProviders;

namespace Morgana.Storage.FileProviders;

/// <summary>What is directly in a folder of a store.</summary>
internal sealed class StoreDirectory(IReadOnlyList<IFileInfo> files) : IDirectoryContents
{
    public bool Exists => true;

    public IEnumerator<IFileInfo> GetEnumerator() => files.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
