namespace Morgana.Elf;

/// <summary>The bytes that an ELF file is read from: a file, or memory. Only what is asked for is read.</summary>
public abstract class ElfSource
{
    /// <summary>What messages call the file: usually its path as the user gave it.</summary>
    public abstract string Name { get; }

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads up to <paramref name="destination"/>'s length; fewer only at the end of the file.</summary>
    /// <param name="offset">From the start of the file, in bytes; not negative.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <returns>How many bytes were read.</returns>
    protected internal abstract int Read(long offset, Span<byte> destination);

    /// <summary>Reads exactly <paramref name="destination"/>'s length, or throws.</summary>
    /// <param name="offset">From the start of the file, in bytes, as it stands in the file: any value.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="what">What is read, for the message: "the program headers".</param>
    /// <exception cref="ElfException">The range is not wholly inside the file.</exception>
    public void ReadExactly(ulong offset, Span<byte> destination, string what)
    {
        ulong length = (ulong)Length;
        if (
            offset > length
            || (ulong)destination.Length > length - offset
            || Read((long)offset, destination) != destination.Length
        )
        {
            throw new ElfException(
                $"{Name}: {what} ({destination.Length} bytes at offset 0x{offset:x}) lies outside of the file, which has {Length} bytes: the file is cut short or damaged, build or copy it again"
            );
        }
    }
}
