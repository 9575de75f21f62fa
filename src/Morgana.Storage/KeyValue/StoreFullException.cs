namespace Morgana.Storage;

/// <summary>There is no room for a value or for what finds it. Nothing has changed in the store; deleting still works.</summary>
public sealed class StoreFullException : IOException
{
    /// <summary>For a refusal described by <paramref name="message"/>.</summary>
    public StoreFullException(string message)
        : base(message) { }

    /// <summary>For a refusal described by <paramref name="message"/>, with its cause.</summary>
    public StoreFullException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>For a store that has no more room.</summary>
    public StoreFullException()
        : this("The store is full.") { }
}
