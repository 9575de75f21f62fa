namespace Morgana.Configuration;

/// <summary>What a device can need of the build.</summary>
internal enum NeedKind
{
    /// <summary>A library of Morgana: a project in its checkout, a package elsewhere.</summary>
    Library,

    /// <summary>A NuGet package.</summary>
    Package,

    /// <summary>A project file, relative to the folder of config.cs.</summary>
    Project,

    /// <summary>A NET_BASIC device in the manifest.</summary>
    NetworkSlot,

    /// <summary>A BLOCK_BASIC device in the manifest.</summary>
    BlockSlot,

    /// <summary>A call of a method of the device, when all devices are made.</summary>
    Start,

    /// <summary>The name under which targets replace the way to make the device.</summary>
    Driver,

    /// <summary>An ArgumentException while the device is made is a wrong boot argument.</summary>
    ArgumentCheck,
}
