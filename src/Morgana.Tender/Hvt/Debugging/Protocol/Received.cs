namespace Morgana.Tender.Hvt.Debugging;

/// <summary>What a <see cref="PacketReader"/> has found in the bytes so far.</summary>
internal enum Received
{
    /// <summary>Nothing whole yet: more bytes are needed.</summary>
    Nothing,

    /// <summary>A packet with a right checksum.</summary>
    Packet,

    /// <summary>A packet that is to be sent again: its checksum or its escapes are wrong.</summary>
    Damaged,

    /// <summary>A packet that is longer than was announced; sending it again would not help.</summary>
    TooLong,

    /// <summary><c>+</c>: the other side has the last packet.</summary>
    Acknowledged,

    /// <summary><c>-</c>: the other side wants the last packet again.</summary>
    Refused,

    /// <summary>The byte 3 between packets: the user pressed Ctrl-C.</summary>
    Interrupt,
}
