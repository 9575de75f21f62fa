namespace Morgana.Elf;

/// <summary>A <c>manifest.json</c> is not a manifest. The message says which file, which line, what is wrong.</summary>
public sealed class ManifestException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public ManifestException()
        : base("the manifest is not valid") { }

    /// <summary>Makes an exception with a message for people.</summary>
    /// <param name="message">File, line, place, what is wrong.</param>
    public ManifestException(string message)
        : base(message) { }

    /// <summary>Makes an exception with a message for people and what led to it.</summary>
    /// <param name="message">File, line, place, what is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public ManifestException(string message, Exception innerException)
        : base(message, innerException) { }
}
