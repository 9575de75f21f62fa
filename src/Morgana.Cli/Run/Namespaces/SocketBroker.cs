using System.Buffers.Binary;
using System.Net.Sockets;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>
/// The outside half of a run without root: hands bound host sockets to the process in the user namespace, which cannot
/// make them itself. Answers are four bytes, a <see cref="SocketError"/>, with the socket's descriptor on success.
/// </summary>
internal static class SocketBroker
{
    /// <summary>Serves <paramref name="channel"/> until its other end is gone.</summary>
    public static void Serve(DescriptorChannel channel, IHostSockets sockets)
    {
        Span<byte> message = stackalloc byte[BrokerRequest.Length];
        Span<byte> answer = stackalloc byte[4];
        while (true)
        {
            int length = channel.Receive(message, out int unexpected);
            if (length == 0)
            {
                return;
            }

            if (unexpected >= 0)
            {
                _ = Kernel.Syscalls.Close(unexpected);
            }

            if (!BrokerRequest.TryRead(message[..length], out BrokerRequest request))
            {
                BinaryPrimitives.WriteInt32LittleEndian(answer, (int)SocketError.InvalidArgument);
                channel.TrySend(answer);
                continue;
            }

            try
            {
                // The descriptor is copied into the message: ours is closed right after.
                using Socket socket = sockets.Bind(request.Address, request.Protocol);
                BinaryPrimitives.WriteInt32LittleEndian(answer, 0);
                channel.TrySend(answer, (int)socket.Handle);
            }
            catch (SocketException exception)
            {
                BinaryPrimitives.WriteInt32LittleEndian(answer, (int)exception.SocketErrorCode);
                channel.TrySend(answer);
            }
        }
    }
}
