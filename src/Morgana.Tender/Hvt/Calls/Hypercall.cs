namespace Morgana.Tender.Hvt;

/// <summary>The hypercalls of the hvt ABI, by their numbers.</summary>
internal enum Hypercall
{
    WallTime = 1,
    Puts = 2,
    Poll = 3,
    BlockWrite = 4,
    BlockRead = 5,
    NetWrite = 6,
    NetRead = 7,
    Halt = 8,
}
