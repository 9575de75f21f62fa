namespace Morgana.Tender.CommandLine;

/// <summary>The options that name a device.</summary>
internal enum DeviceOptionKind
{
    /// <summary><c>--net:NAME=TAP|@FD</c></summary>
    Net,

    /// <summary><c>--net-mac:NAME=ADDRESS</c></summary>
    NetMac,

    /// <summary><c>--block:NAME=PATH</c></summary>
    Block,

    /// <summary><c>--block-sector-size:NAME=BYTES</c></summary>
    BlockSectorSize,
}
