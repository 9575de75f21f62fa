using System.Globalization;

namespace Morgana.Runtime;

/// <summary>
/// The options of an ordinary process that are the machine's and not the program's: those of the tenders, and <c>--port</c>. They stand
/// before all others, as in native/bindings/unix/options.c, which reads the same words.
/// </summary>
internal sealed class HostOptions
{
    /// <summary>TAP devices by the names of network devices.</summary>
    public Dictionary<string, string> Networks { get; } = [];

    /// <summary>Hardware addresses by the names of network devices.</summary>
    public Dictionary<string, MacAddress> HardwareAddresses { get; } = [];

    /// <summary>Files by the names of block devices.</summary>
    public Dictionary<string, string> Blocks { get; } = [];

    /// <summary>Bytes of a block by the names of block devices.</summary>
    public Dictionary<string, int> BlockSizes { get; } = [];

    /// <summary>Ports of the host by those of the program.</summary>
    public Dictionary<ushort, ushort> Ports { get; } = [];

    /// <summary>How many of the arguments they are, with a closing "--".</summary>
    public int Count { get; private set; }

    /// <summary>Reads the beginning of the arguments.</summary>
    /// <exception cref="HostException">One of them is wrong.</exception>
    public static HostOptions Read(IReadOnlyList<string> arguments)
    {
        HostOptions options = new();
        while (options.Count < arguments.Count && options.Take(arguments[options.Count]))
        {
            options.Count++;
        }

        if (options.Count < arguments.Count && arguments[options.Count] == "--")
        {
            options.Count++;
        }

        return options;
    }

    private bool Take(string argument)
    {
        if (argument.StartsWith("--mem=", StringComparison.Ordinal))
        {
            // .NET takes what it needs; DOTNET_GCHeapHardLimit limits it.
            return true;
        }

        if (Split(argument, "--block:") is (string block, string file))
        {
            if (!Blocks.TryAdd(block, file))
            {
                throw new HostException($"--block:{block} is given twice");
            }

            return true;
        }

        if (Split(argument, "--block-sector-size:") is (string disk, string bytes))
        {
            BlockSizes[disk] =
                int.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                && BlockRange.IsBlockSize(size)
                    ? size
                    : throw new HostException(
                        $"{argument}: write a power of two from 512 to 32768"
                    );
            return true;
        }

        if (Split(argument, "--net:") is (string net, string tap))
        {
            if (!Networks.TryAdd(net, tap))
            {
                throw new HostException($"--net:{net} is given twice");
            }

            return true;
        }

        if (Split(argument, "--net-mac:") is (string device, string text))
        {
            HardwareAddresses[device] = MacAddress.TryParse(text, null, out MacAddress address)
                ? address
                : throw new HostException(
                    $"{argument}: write a hardware address as in 02:00:00:00:00:01"
                );
            return true;
        }

        if (Split(argument, "--port:") is (string program, string host))
        {
            if (Port(program) is not { } from || Port(host) is not { } to)
            {
                throw new HostException(
                    $"{argument}: write --port:PORT=HOSTPORT, both from 1 to 65535"
                );
            }

            Ports[from] = to;
            return true;
        }

        return false;
    }

    private static ushort? Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
        && port > 0
            ? port
            : null;

    private static (string Name, string Value)? Split(string argument, string prefix)
    {
        if (!argument.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals > prefix.Length && equals < argument.Length - 1
            ? (argument[prefix.Length..equals], argument[(equals + 1)..])
            : throw new HostException($"{argument}: write {prefix}NAME=VALUE");
    }
}
