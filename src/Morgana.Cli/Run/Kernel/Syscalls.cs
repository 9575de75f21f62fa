using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Morgana.Cli.Run.Kernel;

/// <summary>
/// The few Linux calls that .NET does not offer. All are used on 64-bit Linux only; structure layouts and numbers are
/// those shared by x86-64 and arm64.
/// </summary>
internal static unsafe partial class Syscalls
{
    public const int CloneNewNet = 0x40000000;
    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenCloseOnExec = 0x80000;
    public const int FamilyUnix = 1;
    public const int FamilyNetlink = 16;
    public const int TypeRaw = 3;
    public const int TypeSequencedPacket = 5;
    public const int TypeCloseOnExec = 0x80000;
    public const int SetDescriptorFlags = 2;
    public const int SignalKill = 9;
    private const int SetParentDeathSignal = 1; // PR_SET_PDEATHSIG
    public const int SignalTerminate = 15;
    public const int ErrorNotPermitted = 1;
    public const int ErrorNoEntry = 2;
    public const int ErrorNoDevice = 6;
    public const int ErrorAccess = 13;
    public const int ErrorExists = 17;

    /// <summary>The message of the last failed call's error number, as <c>strerror</c> words it.</summary>
    public static string ErrorText(int error) => new Win32Exception(error).Message;

    /// <summary>Has this process killed when the thread that started it is gone: nobody would want what it makes.</summary>
    public static void EndWithParent()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = ProcessControl(SetParentDeathSignal, SignalKill, 0, 0, 0);
        }
    }

    /// <summary>Decides whether a child inherits <paramref name="descriptor"/>.</summary>
    public static void SetInherited(int descriptor, bool inherited)
    {
        if (Control(descriptor, SetDescriptorFlags, inherited ? 0 : 1) < 0)
        {
            throw new RunException(
                $"Descriptor {descriptor} cannot be used: {ErrorText(Marshal.GetLastPInvokeError())}."
            );
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(
        int option,
        nuint second,
        nuint third,
        nuint fourth,
        nuint fifth
    );

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport(
        "libc",
        EntryPoint = "open",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    // ioctl and fcntl are variadic in C; on both architectures' Linux ABI an integer or pointer argument goes where
    // it would go in a call without the ellipsis.
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int DeviceControl(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport(
        "libc",
        EntryPoint = "if_nametoindex",
        StringMarshalling = StringMarshalling.Utf8
    )]
    public static partial uint InterfaceIndex(string name);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int family, int type, int protocol, int* descriptors);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* data, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* data, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* data, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* data, nuint length);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary><c>struct cmsghdr</c> followed by one descriptor: the only control message used (SCM_RIGHTS).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct DescriptorMessage
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Descriptor;
        private readonly int padding;
    }
}
