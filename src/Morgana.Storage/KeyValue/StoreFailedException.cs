namespace Morgana.Storage;

/// <summary>
/// The disk failed while a change was made final, so that the store cannot know which of the two states is on it. It can still be read;
/// opening it again finds out.
/// </summary>
public sealed class StoreFailedException : IOException
{
    /// <summary>For a failure described by <paramref name="message"/>.</summary>
    public StoreFailedException(string message)
        : base(message) { }

    /// <summary>For a failure described by <paramref name="message"/>, with its cause.</summary>
    public StoreFailedException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>For an unknown failure.</summary>
    public StoreFailedException()
        : this("The disk of the store failed.") { }
}
