using Microsoft.Extensions.Logging;
using Morgana.Net;
using Morgana.Runtime;

namespace Echo;

/// <summary>Sends datagrams back to where they came from; "quit" ends it.</summary>
public sealed class EchoUnikernel(IUdp udp, TimeProvider time, ILoggerFactory log, string greeting)
    : IUnikernel
{
    private const ushort EchoPort = 7;

    private readonly ILogger _log = log.CreateLogger("echo");

    /// <inheritdoc/>
    public async Task<int> RunAsync()
    {
        TaskCompletionSource quit = new();
        IUdpSocket? socket = null;
        socket = udp.Open(
            EchoPort,
            (in UdpDatagram datagram) =>
            {
                socket!.TrySend(datagram.Source, datagram.Payload, datagram.Destination.Address);
                if (datagram.Payload.SequenceEqual("quit"u8))
                {
                    quit.TrySetResult();
                }
            }
        );
        Say($"echoing {greeting}");

        // A timer of the machine's clock, on its main loop.
        int seconds = 0;
        await using ITimer timer = time.CreateTimer(
            _ => Say($"second {++seconds}"),
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1)
        );
        await quit.Task;
        socket.Dispose();
        Say($"told to quit after {seconds} s");
        return 0;
    }

    private void Say(string text) =>
        _log.Log(LogLevel.Information, default, text, null, (s, _) => s);
}
