using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Morgana.Rig.Guest;

/// <summary>QEMU's machine protocol (QMP) over a Unix socket: one JSON object a line, a greeting first.</summary>
internal sealed class Monitor : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly NetworkStream stream;
    private readonly StreamReader reader;

    private Monitor(Socket socket)
    {
        stream = new NetworkStream(socket, ownsSocket: true);
        reader = new StreamReader(stream);
    }

    /// <summary>Connects and shakes hands.</summary>
    public static async Task<Monitor> ConnectAsync(string path, CancellationToken cancellation)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        Monitor monitor = new(socket);
        _ = await monitor.reader.ReadLineAsync(cancellation);
        _ = await monitor.ExecuteAsync(
            new JsonObject { ["execute"] = "qmp_capabilities" },
            cancellation
        );
        return monitor;
    }

    /// <summary>Carries out a command of the monitor for people; its answer, which is empty when there is nothing to say.</summary>
    public async Task<string> CommandAsync(string command, CancellationToken cancellation)
    {
        JsonNode? answer = await ExecuteAsync(
            new JsonObject
            {
                ["execute"] = "human-monitor-command",
                ["arguments"] = new JsonObject { ["command-line"] = command },
            },
            cancellation
        );
        return answer?.GetValue<string>().Trim() ?? "";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        reader.Dispose();
        await stream.DisposeAsync();
        turn.Dispose();
    }

    private async Task<JsonNode?> ExecuteAsync(JsonObject command, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(command), cancellation);
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                // Between the command and its answer stand events, which nobody here waits for.
                JsonNode message = JsonNode.Parse(line)!;
                if (message["error"] is { } error)
                {
                    throw new RigException(
                        $"QEMU refuses {command.ToJsonString()}: {error["desc"]}"
                    );
                }

                if (message.AsObject().ContainsKey("return"))
                {
                    return message["return"];
                }
            }

            throw new RigException($"QEMU ended before it had answered {command.ToJsonString()}.");
        }
        finally
        {
            turn.Release();
        }
    }
}
