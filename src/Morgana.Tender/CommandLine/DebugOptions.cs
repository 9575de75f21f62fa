using System.Globalization;
using System.Net;

namespace Morgana.Tender.CommandLine;

/// <summary>The options of the hvt tender for debugging, as <c>solo5-hvt</c> has them.</summary>
internal sealed class DebugOptions
{
    /// <summary>The port when <c>--gdb-port</c> is not given.</summary>
    public const ushort DefaultPort = 1234;

    private const string Gdb = "--gdb";
    private const string GdbPort = "--gdb-port=";
    private const string DumpCore = "--dumpcore=";

    /// <summary>Lines of the usage text.</summary>
    public const string Usage = """
            --gdb (wait for a debugger before the first instruction)
          [ --gdb-port=1234 | ADDRESS:PORT ] (where --gdb waits: a port of 127.0.0.1, or of another address of this machine)
            --dumpcore=DIR (when the guest aborts, traps or is ended, write a core file into the directory DIR)

        """;

    /// <summary>Whether to wait for a debugger.</summary>
    public bool WaitsForDebugger { get; private set; }

    /// <summary>Where to wait for it.</summary>
    public IPEndPoint Listen { get; private set; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>Where core files go; null for none.</summary>
    public string? CoreFolder { get; private set; }

    /// <summary>Reads an option.</summary>
    /// <returns>False when it is another one.</returns>
    /// <exception cref="TenderException">Its value is wrong.</exception>
    public bool TryRead(string arg)
    {
        if (arg == Gdb)
        {
            WaitsForDebugger = true;
        }
        else if (arg.StartsWith(GdbPort, StringComparison.Ordinal))
        {
            Listen = ReadEndPoint(arg.AsSpan(GdbPort.Length));
        }
        else if (arg.StartsWith(DumpCore, StringComparison.Ordinal))
        {
            CoreFolder =
                arg.Length > DumpCore.Length
                    ? arg[DumpCore.Length..]
                    : throw new TenderException(
                        "Malformed argument to --dumpcore: name a directory, as in --dumpcore=/var/crash"
                    );
        }
        else
        {
            return false;
        }

        return true;
    }

    private static IPEndPoint ReadEndPoint(ReadOnlySpan<char> value)
    {
        IPAddress address = IPAddress.Loopback;
        ReadOnlySpan<char> port = value;
        int colon = value.LastIndexOf(':');
        if (colon >= 0)
        {
            port = value[(colon + 1)..];
        }

        bool isAddress =
            colon < 0
            || IPAddress.TryParse(value[..colon], out address!)
                && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        return
            isAddress
            && ushort.TryParse(
                port,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out ushort number
            )
            && number != 0
            ? new IPEndPoint(address, number)
            : throw new TenderException(
                $"Malformed argument to --gdb-port: '{value}'; give a port from 1 to 65535 (of 127.0.0.1), or an IPv4 address of this machine and a port, as in --gdb-port=10.0.0.1:1234"
            );
    }
}
