using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Morgana.EndToEnd.Hardware;

/// <summary>
/// A debugger of a few lines, where a test must say what is sent when: gdb's remote protocol without acknowledgements.
/// </summary>
internal sealed class DebuggerClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TcpClient client = new();
    private NetworkStream? stream;

    public async Task ConnectAsync(int port)
    {
        await client.ConnectAsync(IPAddress.Loopback, port);
        stream = client.GetStream();
        Assert.Equal("OK", await AskAsync("QStartNoAckMode"));
        await stream.WriteAsync("+"u8.ToArray());
    }

    /// <summary>Sends a packet and waits for one.</summary>
    public async Task<string> AskAsync(string request)
    {
        await SendAsync(request);
        return await ReceiveAsync();
    }

    /// <summary>Sends a packet.</summary>
    public async Task SendAsync(string request)
    {
        byte sum = (byte)request.Sum(character => character);
        await stream!.WriteAsync(Encoding.ASCII.GetBytes($"${request}#{sum:x2}"));
    }

    /// <summary>Presses Ctrl-C.</summary>
    public async Task InterruptAsync() => await stream!.WriteAsync(new byte[] { 3 });

    /// <summary>Waits for a packet; its payload as it came, runs not expanded.</summary>
    public async Task<string> ReceiveAsync()
    {
        using CancellationTokenSource limit = new(Patience);
        StringBuilder payload = new();
        byte[] next = new byte[1];
        do
        {
            await stream!.ReadExactlyAsync(next, limit.Token);
        } while (next[0] != '$');

        while (true)
        {
            await stream.ReadExactlyAsync(next, limit.Token);
            if (next[0] == '#')
            {
                await stream.ReadExactlyAsync(new byte[2], limit.Token);
                return payload.ToString();
            }

            payload.Append((char)next[0]);
        }
    }

    public ValueTask DisposeAsync()
    {
        stream?.Dispose();
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
