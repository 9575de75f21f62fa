namespace Morgana.Storage;

/// <summary>What a key names.</summary>
public enum StoreItemKind
{
    /// <summary>A value.</summary>
    Value,

    /// <summary>A folder: a key that others begin with.</summary>
    Folder,
}
