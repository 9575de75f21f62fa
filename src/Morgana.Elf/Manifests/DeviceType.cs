namespace Morgana.Elf;

/// <summary>Kinds of devices that a manifest can declare (<c>enum mft_type</c> of Solo5's <c>mft_abi.h</c>).</summary>
public enum DeviceType
{
    /// <summary>A block device, read and written in whole blocks.</summary>
    BlockBasic = 1,

    /// <summary>A network device that sends and receives ethernet frames.</summary>
    NetBasic = 2,
}
