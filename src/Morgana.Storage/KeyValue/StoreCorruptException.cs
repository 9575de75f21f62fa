namespace Morgana.Storage;

/// <summary>What is on the disk is not what the store has written, or is no store at all.</summary>
public sealed class StoreCorruptException : IOException
{
    /// <summary>For damage described by <paramref name="message"/>.</summary>
    public StoreCorruptException(string message)
        : base(message) { }

    /// <summary>For damage described by <paramref name="message"/>, with its cause.</summary>
    public StoreCorruptException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>For unknown damage.</summary>
    public StoreCorruptException()
        : this("The store is damaged.") { }
}
