namespace Morgana.Dns;

/// <summary>What a datagram is to the question at whose port it came.</summary>
internal enum ReplyMatch
{
    /// <summary>No answer to it.</summary>
    None,

    /// <summary>An answer, but the name's case is not the one that was sent.</summary>
    OtherCase,

    /// <summary>An answer.</summary>
    Full,
}
