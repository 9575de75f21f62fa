using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

// The tender of the target `pipe`: starts the image and carries datagrams between a port of this machine and its pipes.
//   Pipe.Tender IMAGE [--udp=HOSTPORT:PORT] ARGUMENTS...
const int HeaderLength = 8;

if (args is not [string image, .. string[] rest])
{
    Console.Error.WriteLine("usage: Pipe.Tender IMAGE [--udp=HOSTPORT:PORT] ARGUMENTS...");
    return 64;
}

ushort hostPort = 0;
ushort port = 0;
if (rest is [string first, ..] && first.StartsWith("--udp=", StringComparison.Ordinal))
{
    string[] ports = first["--udp=".Length..].Split(':');
    if (
        ports.Length != 2
        || !ushort.TryParse(ports[0], CultureInfo.InvariantCulture, out hostPort)
        || !ushort.TryParse(ports[1], CultureInfo.InvariantCulture, out port)
    )
    {
        Console.Error.WriteLine($"{first}: write --udp=HOSTPORT:PORT");
        return 64;
    }

    rest = rest[1..];
}

using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
socket.Bind(new IPEndPoint(IPAddress.Loopback, hostPort));
using var guest = Process.Start(
    new ProcessStartInfo(Path.GetFullPath(image), rest)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    }
)!;
Stream toGuest = guest.StandardInput.BaseStream;
Stream fromGuest = guest.StandardOutput.BaseStream;
new Thread(Receive) { IsBackground = true }.Start();
new Thread(Send) { IsBackground = true }.Start();
await guest.WaitForExitAsync();
return guest.ExitCode;

void Receive()
{
    byte[] packet = new byte[ushort.MaxValue + 2];
    while (true)
    {
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int length;
        try
        {
            length = socket.ReceiveFrom(
                packet,
                2 + HeaderLength,
                packet.Length - 2 - HeaderLength,
                SocketFlags.None,
                ref from
            );
        }
        catch (SocketException)
        {
            continue;
        }

        var sender = (IPEndPoint)from;
        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)(HeaderLength + length));
        sender.Address.TryWriteBytes(packet.AsSpan(2), out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)sender.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(8), port);
        toGuest.Write(packet, 0, 2 + HeaderLength + length);
        toGuest.Flush();
    }
}

void Send()
{
    byte[] packet = new byte[ushort.MaxValue];
    byte[] size = new byte[2];
    try
    {
        while (true)
        {
            fromGuest.ReadExactly(size);
            Span<byte> whole = packet.AsSpan(0, BinaryPrimitives.ReadUInt16BigEndian(size));
            fromGuest.ReadExactly(whole);
            socket.SendTo(
                whole[HeaderLength..],
                new IPEndPoint(
                    new IPAddress(whole[..4]),
                    BinaryPrimitives.ReadUInt16BigEndian(whole[4..])
                )
            );
        }
    }
    catch (EndOfStreamException)
    {
        // The image has ended.
    }
}
