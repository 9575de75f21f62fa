using Microsoft.Win32.SafeHandles;

namespace Morgana.Runtime;

/// <summary>A file as a block device of an ordinary process.</summary>
public sealed class FileBlockDevice : IBlockDevice, IDisposable
{
    private readonly SafeFileHandle _file;

    private FileBlockDevice(
        string name,
        SafeFileHandle file,
        int blockSize,
        long capacity,
        bool isReadOnly
    )
    {
        _file = file;
        Name = name;
        BlockSize = blockSize;
        Capacity = capacity;
        IsReadOnly = isReadOnly;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int BlockSize { get; }

    /// <inheritdoc/>
    public long Capacity { get; }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <summary>Opens a file, which other programs then cannot open for writing as far as the host sees to that.</summary>
    /// <param name="name">The device's name.</param>
    /// <param name="path">The file.</param>
    /// <param name="blockSize">Bytes of a block: a power of two from 512 to 32768.</param>
    /// <param name="access">With <see cref="FileAccess.ReadWrite"/>, a file that may only be read gives a read-only device.</param>
    /// <exception cref="HostException">There is no such file, or its size does not fit.</exception>
    public static FileBlockDevice Open(
        string name,
        string path,
        int blockSize = BlockRange.SmallestBlock,
        FileAccess access = FileAccess.ReadWrite
    )
    {
        if (!BlockRange.IsBlockSize(blockSize))
        {
            throw new HostException(
                $"The size of a block of '{name}' is {blockSize} bytes: it must be a power of two from 512 to 32768."
            );
        }

        try
        {
            (SafeFileHandle file, bool isReadOnly) = OpenFile(path, access);
            long capacity = RandomAccess.GetLength(file);
            if (capacity > 0 && capacity % blockSize == 0)
            {
                return new FileBlockDevice(name, file, blockSize, capacity, isReadOnly);
            }

            file.Dispose();
            throw new HostException(
                $"{path} has {capacity} bytes: the block device '{name}' takes a multiple of its blocks of {blockSize} bytes, and at least one."
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"{path} cannot be the block device '{name}': {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    )
    {
        BlockRange.Check(this, offset, destination.Length);
        while (destination.Length > 0)
        {
            int count;
            try
            {
                count = await RandomAccess
                    .ReadAsync(_file, destination, offset, cancellation)
                    .ConfigureAwait(false);
            }
            catch (IOException e)
            {
                throw new BlockDeviceException($"Reading '{Name}' failed: {e.Message}", e);
            }

            if (count == 0)
            {
                throw new BlockDeviceException(
                    $"Reading '{Name}' failed: its file has become shorter."
                );
            }

            destination = destination[count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        long offset,
        ReadOnlyMemory<byte> source,
        CancellationToken cancellation = default
    )
    {
        BlockRange.Check(this, offset, source.Length);
        if (IsReadOnly)
        {
            throw BlockDeviceException.ReadOnly(this);
        }

        try
        {
            await RandomAccess
                .WriteAsync(_file, source, offset, cancellation)
                .ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new BlockDeviceException($"Writing '{Name}' failed: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        if (IsReadOnly)
        {
            return;
        }

        try
        {
            // It takes as long as the disk takes: not on the main loop.
            await Task.Run(() => RandomAccess.FlushToDisk(_file), cancellation)
                .ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new BlockDeviceException($"Flushing '{Name}' failed: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static (SafeFileHandle File, bool IsReadOnly) OpenFile(string path, FileAccess access)
    {
        if (access == FileAccess.ReadWrite)
        {
            try
            {
                return (
                    File.OpenHandle(
                        path,
                        FileMode.Open,
                        access,
                        FileShare.None,
                        FileOptions.Asynchronous
                    ),
                    false
                );
            }
            catch (UnauthorizedAccessException)
            {
                // Perhaps it may be read.
            }
        }

        return (
            File.OpenHandle(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                FileOptions.Asynchronous
            ),
            true
        );
    }
}
