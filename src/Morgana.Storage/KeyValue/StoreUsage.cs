namespace Morgana.Storage;

/// <summary>How full a store is.</summary>
/// <param name="Keys">Values in it.</param>
/// <param name="ValueBytes">Their bytes.</param>
/// <param name="Capacity">Bytes that the store has for values and for what finds them.</param>
/// <param name="Free">Bytes of these that can be written now.</param>
/// <param name="Generation">How many batches were ever committed.</param>
public readonly record struct StoreUsage(
    long Keys,
    long ValueBytes,
    long Capacity,
    long Free,
    long Generation
);
