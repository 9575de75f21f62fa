namespace Morgana.Storage.CopyOnWrite;

/// <summary>What a batch does to one key.</summary>
/// <param name="Key">The key in UTF-8.</param>
/// <param name="Entry">Its new entry; null when it is deleted.</param>
internal readonly record struct Mutation(byte[] Key, ValueEntry? Entry);
