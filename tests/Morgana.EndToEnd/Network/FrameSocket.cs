using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Network;

/// <summary>
/// Sends whole Ethernet frames out of a device, as they are: into the image, when the device is its TAP.
/// </summary>
internal sealed unsafe class FrameSocket : IDisposable
{
    private readonly int socket;

    private FrameSocket(int socket) => this.socket = socket;

    /// <summary>Opens <paramref name="device"/> of <paramref name="space"/>.</summary>
    public static FrameSocket Open(NetworkNamespace space, string device) =>
        space.Inside(() =>
        {
            // Protocol 0: nothing is received, so nothing piles up.
            int socket = Kernel.Socket(Kernel.FamilyPacket, Kernel.RawSocket, 0);
            if (socket < 0)
            {
                throw new InvalidOperationException(
                    $"A packet socket: error {Marshal.GetLastPInvokeError()}"
                );
            }

            // struct sockaddr_ll: family, protocol, interface index.
            Span<byte> address = stackalloc byte[20];
            address.Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(address, Kernel.FamilyPacket);
            BinaryPrimitives.WriteUInt32LittleEndian(address[4..], Kernel.InterfaceIndex(device));
            fixed (byte* pointer = address)
            {
                if (Kernel.Bind(socket, pointer, (uint)address.Length) != 0)
                {
                    int error = Marshal.GetLastPInvokeError();
                    _ = Kernel.Close(socket);
                    throw new InvalidOperationException(
                        $"A packet socket on {device}: error {error}"
                    );
                }
            }

            return new FrameSocket(socket);
        });

    /// <summary>Sends a frame. False when the device's queue is full (ENOBUFS): the frame is lost.</summary>
    public bool Send(ReadOnlySpan<byte> frame)
    {
        const int noBuffers = 105;
        fixed (byte* data = frame)
        {
            if (Kernel.Send(socket, data, (nuint)frame.Length, 0) == frame.Length)
            {
                return true;
            }
        }

        int error = Marshal.GetLastPInvokeError();
        return error == noBuffers
            ? false
            : throw new InvalidOperationException($"Sending a frame: error {error}");
    }

    public void Dispose() => _ = Kernel.Close(socket);
}
