using Microsoft.Win32.SafeHandles;

namespace Morgana.Elf;

/// <summary>An ELF file on disk, opened for reading.</summary>
public sealed class FileElfSource : ElfSource, IDisposable
{
    private readonly SafeFileHandle _handle;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path; it is also its name in messages.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be opened by this user.</exception>
    public FileElfSource(string path)
    {
        Name = path;
        _handle = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_handle);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    protected internal override int Read(long offset, Span<byte> destination)
    {
        int total = 0;
        while (total < destination.Length)
        {
            int count = RandomAccess.Read(_handle, destination[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
