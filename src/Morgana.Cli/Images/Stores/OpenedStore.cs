using Morgana.Runtime;
using Morgana.Storage;

namespace Morgana.Cli.Images.Stores;

/// <summary>A disk image with a store of either sort.</summary>
/// <param name="Store">The store.</param>
/// <param name="Device">The image.</param>
internal sealed record OpenedStore(IReadOnlyStore Store, FileBlockDevice Device) : IDisposable
{
    /// <summary>Opens an image to read it.</summary>
    /// <exception cref="CommandException">There is neither a store nor an archive in it.</exception>
    public static async Task<OpenedStore> OpenAsync(string path, CancellationToken cancellation)
    {
        FileBlockDevice device;
        try
        {
            device = FileBlockDevice.Open(Path.GetFileName(path), path, access: FileAccess.Read);
        }
        catch (HostException e)
        {
            throw new CommandException(ExitCode.Failed, e.Message);
        }

        try
        {
            return new OpenedStore(
                await IsStoreAsync(device, cancellation).ConfigureAwait(false)
                    ? await KeyValueStore
                        .MountAsync(device, cancellation: cancellation)
                        .ConfigureAwait(false)
                    : await TarStore
                        .MountAsync(device, cancellation: cancellation)
                        .ConfigureAwait(false),
                device
            );
        }
        catch (Exception e) when (e is StoreCorruptException or BlockDeviceException)
        {
            device.Dispose();
            throw new CommandException(ExitCode.Failed, e.Message);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>All values of a folder and of those in it.</summary>
    public async IAsyncEnumerable<(string Key, StoreItem Item)> ValuesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation,
        string folder = ""
    )
    {
        foreach (
            StoreItem item in await Store.ListAsync(folder, cancellation).ConfigureAwait(false)
        )
        {
            string key = folder.Length == 0 ? item.Name : $"{folder}/{item.Name}";
            if (item.Kind == StoreItemKind.Value)
            {
                yield return (key, item);
                continue;
            }

            await foreach (
                (string, StoreItem) inner in ValuesAsync(cancellation, key).ConfigureAwait(false)
            )
            {
                yield return inner;
            }
        }
    }

    public void Dispose() => Device.Dispose();

    /// <summary>A superblock has eight letters that no archive begins with; either of the two may be torn.</summary>
    private static async Task<bool> IsStoreAsync(
        FileBlockDevice device,
        CancellationToken cancellation
    )
    {
        byte[] block = new byte[BlockRange.SmallestBlock];
        foreach (long place in (long[])[0, 32768])
        {
            if (place + block.Length > device.Capacity)
            {
                return false;
            }

            await device.ReadAsync(place, block, cancellation).ConfigureAwait(false);
            if (block.AsSpan().StartsWith("MorganKV"u8))
            {
                return true;
            }
        }

        return false;
    }
}
