namespace Morgana.Cli.Run.Images;

/// <summary>What a device of an image's manifest is.</summary>
internal enum ImageDeviceKind
{
    /// <summary>NET_BASIC: an Ethernet device.</summary>
    Network,

    /// <summary>BLOCK_BASIC: a disk.</summary>
    Block,
}

/// <summary>A device that an image declares in its manifest and that must be given when it starts.</summary>
internal sealed record ImageDevice(string Name, ImageDeviceKind Kind);
