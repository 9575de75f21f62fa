#if (isServer)
using Microsoft.Extensions.Logging;
using Morgana.Net;
using Morgana.Runtime;

namespace UnikernelNamespace;

/// <summary>Answers each datagram with what it carries (RFC 862).</summary>
/// <param name="udp">The stack that it answers on.</param>
/// <param name="log">What happens is logged under "echo".</param>
/// <param name="port">The port.</param>
public sealed partial class Unikernel(IUdp udp, ILoggerFactory log, int port)
    : IUnikernel,
        IDisposable
{
    private readonly ILogger _log = log.CreateLogger("echo");
    private IUdpSocket? _socket;

    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        if (port is < 1 or > 65535)
        {
            LogBadPort(_log, port);
            return Task.FromResult(64);
        }

        _socket = udp.Open((ushort)port, Answer);
        LogListening(_log, port);
        // Nothing ends a server but the end of its machine.
        return new TaskCompletionSource<int>().Task;
    }

    /// <summary>Stops answering.</summary>
    public void Dispose() => _socket?.Dispose();

    private void Answer(in UdpDatagram datagram) =>
        _socket!.TrySend(datagram.Source, datagram.Payload, datagram.Destination.Address);

    [LoggerMessage(LogLevel.Error, "--port={Port}: a port is a number from 1 to 65535")]
    private static partial void LogBadPort(ILogger log, int port);

    [LoggerMessage(LogLevel.Information, "listening on UDP port {Port}")]
    private static partial void LogListening(ILogger log, int port);
}
#else
using Morgana.Runtime;

namespace UnikernelNamespace;

/// <summary>Greets, and ends.</summary>
/// <param name="console">Where it speaks.</param>
public sealed class Unikernel(Stream console) : IUnikernel
{
    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        console.Write("Hello from UnikernelName\n"u8);
        return Task.FromResult(0);
    }
}
#endif
