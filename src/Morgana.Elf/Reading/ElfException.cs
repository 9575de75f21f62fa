namespace Morgana.Elf;

/// <summary>
/// A file is not the ELF file that was asked for. The message says which file, where in it, what is wrong, and where there is
/// something to do, what to do. It is the only exception that reading an ELF file throws for what the file contains.
/// </summary>
public sealed class ElfException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public ElfException()
        : base("the file is not a valid ELF file") { }

    /// <summary>Makes an exception with a message for people.</summary>
    /// <param name="message">File, place, what is wrong, what to do.</param>
    public ElfException(string message)
        : base(message) { }

    /// <summary>Makes an exception with a message for people and what led to it.</summary>
    /// <param name="message">File, place, what is wrong, what to do.</param>
    /// <param name="innerException">The cause.</param>
    public ElfException(string message, Exception innerException)
        : base(message, innerException) { }
}
