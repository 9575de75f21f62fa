namespace Morgana.Storage;

/// <summary>A store has no value under a key.</summary>
public sealed class StoreKeyNotFoundException : Exception
{
    /// <summary>For the key that was asked for.</summary>
    public StoreKeyNotFoundException(string key)
        : base($"The store has no value '{key}'.") => Key = key;

    /// <summary>For an unknown key.</summary>
    public StoreKeyNotFoundException()
        : this("") { }

    /// <summary>For the key that was asked for, with the cause.</summary>
    public StoreKeyNotFoundException(string key, Exception innerException)
        : base($"The store has no value '{key}'.", innerException) => Key = key;

    /// <summary>The key that was asked for.</summary>
    public string Key { get; }
}
