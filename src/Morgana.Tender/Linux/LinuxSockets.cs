using System.Runtime.InteropServices;

namespace Morgana.Tender.Linux;

/// <summary>The C library's functions for TCP sockets. Negative results are errors, see <see cref="LinuxError"/>.</summary>
internal static unsafe partial class LinuxSockets
{
    private const string Library = "libc";

    public const int Internet = 2; // AF_INET
    public const int Stream = 1; // SOCK_STREAM
    public const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    public const int SocketLevel = 1; // SOL_SOCKET
    public const int ReuseAddress = 2; // SO_REUSEADDR
    public const int ReceiveTimeout = 20; // SO_RCVTIMEO
    public const int TcpLevel = 6; // IPPROTO_TCP
    public const int NoDelay = 1; // TCP_NODELAY
    public const int DoNotWait = 0x40; // MSG_DONTWAIT
    public const int NoSignal = 0x4000; // MSG_NOSIGNAL

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Create(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(
        int socket,
        int level,
        int option,
        void* value,
        uint length
    );

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, void* address, uint length);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int socket, int backlog);

    [LibraryImport(Library, EntryPoint = "accept", SetLastError = true)]
    public static partial int Accept(int socket, void* address, uint* length);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* buffer, nuint length, int flags);
}
