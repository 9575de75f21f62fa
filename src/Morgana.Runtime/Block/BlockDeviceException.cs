namespace Morgana.Runtime;

/// <summary>A block device failed, or refused to be written.</summary>
public sealed class BlockDeviceException : IOException
{
    /// <summary>A failure described by <paramref name="message"/>.</summary>
    public BlockDeviceException(string message)
        : base(message) { }

    /// <summary>A failure described by <paramref name="message"/>, with its cause.</summary>
    public BlockDeviceException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>A failure without a description.</summary>
    public BlockDeviceException()
        : this("The block device failed.") { }

    /// <summary>For a write to a device that cannot be written.</summary>
    internal static BlockDeviceException ReadOnly(IBlockDevice device) =>
        new($"The block device '{device.Name}' is read-only.");
}
