using System.Runtime.InteropServices;

namespace Morgana.Tender.Linux;

/// <summary>The reason of the last failed call.</summary>
internal static class LinuxError
{
    public const int NotPermitted = 1; // EPERM
    public const int NoSuchFile = 2; // ENOENT
    public const int Interrupted = 4; // EINTR
    public const int TryAgain = 11; // EAGAIN
    public const int AccessDenied = 13; // EACCES
    public const int BadAddress = 14; // EFAULT
    public const int Busy = 16; // EBUSY
    public const int Exists = 17; // EEXIST
    public const int Invalid = 22; // EINVAL
    public const int NotImplemented = 38; // ENOSYS

    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The last reason in words.</summary>
    public static string LastText => Marshal.GetPInvokeErrorMessage(Last);
}
