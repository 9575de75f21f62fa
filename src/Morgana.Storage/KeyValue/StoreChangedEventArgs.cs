namespace Morgana.Storage;

/// <summary>What a batch has changed.</summary>
/// <param name="keys">The keys that were set or deleted.</param>
public sealed class StoreChangedEventArgs(IReadOnlyList<string> keys) : EventArgs
{
    /// <summary>The keys that were set or deleted.</summary>
    public IReadOnlyList<string> Keys => keys;
}
