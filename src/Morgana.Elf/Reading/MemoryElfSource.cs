namespace Morgana.Elf;

/// <summary>An ELF file that lies in memory.</summary>
/// <param name="name">What messages call it.</param>
/// <param name="bytes">The whole file.</param>
public sealed class MemoryElfSource(string name, ReadOnlyMemory<byte> bytes) : ElfSource
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override long Length => bytes.Length;

    /// <inheritdoc/>
    protected internal override int Read(long offset, Span<byte> destination)
    {
        if (offset >= bytes.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = bytes.Span[(int)offset..];
        int count = Math.Min(rest.Length, destination.Length);
        rest[..count].CopyTo(destination);
        return count;
    }
}
