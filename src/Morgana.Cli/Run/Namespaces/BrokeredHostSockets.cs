using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>
/// The inside half of a run without root: asks the process outside, over a <see cref="DescriptorChannel"/>, for
/// sockets in the host's namespace.
/// </summary>
internal sealed class BrokeredHostSockets : IHostSockets
{
    private readonly DescriptorChannel channel;
    private readonly Lock gate = new();
    private readonly BlockingCollection<(SocketError Error, int Descriptor)> answers = [];

    /// <summary>Uses <paramref name="channel"/>; when its other end is gone, <paramref name="outsideEnded"/> is called.</summary>
    public BrokeredHostSockets(DescriptorChannel channel, Action outsideEnded)
    {
        this.channel = channel;
        new Thread(() =>
        {
            Span<byte> answer = stackalloc byte[4];
            while (channel.Receive(answer, out int descriptor) == 4)
            {
                answers.Add(
                    ((SocketError)BinaryPrimitives.ReadInt32LittleEndian(answer), descriptor)
                );
            }

            answers.CompleteAdding();
            outsideEnded();
        })
        {
            IsBackground = true,
            Name = "host sockets",
        }.Start();
    }

    /// <inheritdoc/>
    public Socket Bind(IPEndPoint address, ProtocolType protocol)
    {
        Span<byte> request = stackalloc byte[BrokerRequest.Length];
        new BrokerRequest(address, protocol).Write(request);
        lock (gate)
        {
            if (!channel.TrySend(request) || !answers.TryTake(out var answer, Timeout.Infinite))
            {
                throw new SocketException((int)SocketError.Shutdown);
            }

            return answer.Error == SocketError.Success
                ? new Socket(new SafeSocketHandle(answer.Descriptor, ownsHandle: true))
                : throw new SocketException((int)answer.Error);
        }
    }
}
