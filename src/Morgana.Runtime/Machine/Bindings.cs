using System.Runtime.InteropServices;

namespace Morgana.Runtime;

/// <summary>
/// The native layer's functions (native/include/solo5.h, native/threads/scheduler.c), linked into the image. What
/// never switches threads is called without a transition; <see cref="Wait"/> lets other threads run.
/// </summary>
internal static unsafe partial class Bindings
{
    private const string Library = "morgana_native";

    [LibraryImport(Library, EntryPoint = "morgana_wait")]
    internal static partial ulong Wait(ulong deadline);

    [LibraryImport(Library, EntryPoint = "morgana_post")]
    [SuppressGCTransition]
    internal static partial void Post();

    [LibraryImport(Library, EntryPoint = "solo5_clock_monotonic")]
    [SuppressGCTransition]
    internal static partial ulong ClockMonotonic();

    [LibraryImport(Library, EntryPoint = "solo5_clock_wall")]
    [SuppressGCTransition]
    internal static partial ulong ClockWall();

    [LibraryImport(Library, EntryPoint = "solo5_console_write")]
    internal static partial void ConsoleWrite(byte* text, nuint size);

    [LibraryImport(Library, EntryPoint = "entropy_fill")]
    [SuppressGCTransition]
    internal static partial void EntropyFill(void* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "morgana_report_with")]
    internal static partial void ReportWith(delegate* unmanaged<nint*, int, void> describe);

    [LibraryImport(Library, EntryPoint = "bindings_target")]
    internal static partial byte* Target();

    [LibraryImport(Library, EntryPoint = "solo5_net_acquire")]
    internal static partial Solo5Result NetAcquire(byte* name, ulong* handle, Solo5NetInfo* info);

    [LibraryImport(Library, EntryPoint = "solo5_net_read")]
    [SuppressGCTransition]
    internal static partial Solo5Result NetRead(
        ulong handle,
        byte* frame,
        nuint size,
        nuint* readSize
    );

    [LibraryImport(Library, EntryPoint = "solo5_net_write")]
    [SuppressGCTransition]
    internal static partial Solo5Result NetWrite(ulong handle, byte* frame, nuint size);

    [LibraryImport(Library, EntryPoint = "solo5_block_acquire")]
    internal static partial Solo5Result BlockAcquire(
        byte* name,
        ulong* handle,
        Solo5BlockInfo* info
    );

    [LibraryImport(Library, EntryPoint = "morgana_block_flags")]
    internal static partial BlockFlags BlockFlags(ulong handle);

    // A disk takes its time, and bindings may let other threads run meanwhile: these are ordinary calls.
    [LibraryImport(Library, EntryPoint = "morgana_block_read")]
    internal static partial Solo5Result BlockRead(
        ulong handle,
        ulong offset,
        byte* blocks,
        nuint size,
        nuint blockSize
    );

    [LibraryImport(Library, EntryPoint = "morgana_block_write")]
    internal static partial Solo5Result BlockWrite(
        ulong handle,
        ulong offset,
        byte* blocks,
        nuint size,
        nuint blockSize
    );

    [LibraryImport(Library, EntryPoint = "morgana_block_flush")]
    internal static partial Solo5Result BlockFlush(ulong handle);

    [LibraryImport(Library, EntryPoint = "morgana_sockets_available")]
    [SuppressGCTransition]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool SocketsAvailable();

    [LibraryImport(Library, EntryPoint = "morgana_sockets_next")]
    [SuppressGCTransition]
    internal static partial int SocketsNext();

    [LibraryImport(Library, EntryPoint = "morgana_udp_open")]
    internal static partial int UdpOpen(uint address, ushort port);

    [LibraryImport(Library, EntryPoint = "morgana_udp_close")]
    internal static partial void UdpClose(int socket);

    [LibraryImport(Library, EntryPoint = "morgana_udp_receive")]
    [SuppressGCTransition]
    internal static partial int UdpReceive(
        int socket,
        byte* buffer,
        nuint size,
        HostDatagram* datagram
    );

    [LibraryImport(Library, EntryPoint = "morgana_udp_send")]
    [SuppressGCTransition]
    internal static partial int UdpSend(
        int socket,
        byte* payload,
        nuint size,
        HostDatagram* datagram
    );
}
