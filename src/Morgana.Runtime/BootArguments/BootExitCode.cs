namespace Morgana.Runtime;

/// <summary>Exit codes of an image that ends before its unikernel has started.</summary>
public static class BootExitCode
{
    /// <summary>The boot arguments were wrong (EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;

    /// <summary>The host has not what the unikernel needs (EX_OSERR of sysexits.h): see <see cref="HostException"/>.</summary>
    public const int Host = 71;
}
