using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Morgana.Cli.Run.Images;
using Morgana.Cli.Run.Publishing;
using Morgana.Configuration;

namespace Morgana.Cli.Run;

/// <summary>The command line of an image that no tender of ours loads. Pure.</summary>
internal static class ProcessCommand
{
    /// <summary>The words that start an image which is a program itself: its devices, then what is its own.</summary>
    /// <param name="program">The words that start the program.</param>
    /// <param name="options">What the user asked for.</param>
    /// <exception cref="RunException">Something was asked for that an ordinary process has not.</exception>
    public static IReadOnlyList<string> Direct(IReadOnlyList<string> program, RunOptions options)
    {
        RefuseTenderOptions(options);
        List<string> words = [.. program];
        if (options.MemoryMegabytes is { } memory)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"--mem={memory}"));
        }

        Add("net", options.Networks);
        Add("net-mac", options.HardwareAddresses);
        Add("block", options.Blocks);
        Add("block-sector-size", options.SectorSizes);
        foreach (PublishedPort port in options.Ports)
        {
            words.Add(
                string.Create(CultureInfo.InvariantCulture, $"--port:{port.Port}={Published(port)}")
            );
        }

        if (options.Arguments.Count > 0)
        {
            // Nothing of the program's own shall be taken for a device.
            words.Add("--");
            words.AddRange(options.Arguments);
        }

        return words;

        void Add(string option, IReadOnlyList<DeviceArgument> devices)
        {
            foreach (DeviceArgument device in devices)
            {
                words.Add($"--{option}:{device}");
            }
        }
    }

    /// <summary>The words of a target's own command.</summary>
    /// <param name="run">The command.</param>
    /// <param name="image">The image's path.</param>
    /// <param name="options">What the user asked for.</param>
    /// <exception cref="RunException">Something was asked for that the command does not take.</exception>
    public static IReadOnlyList<string> Own(TargetRun run, string image, RunOptions options)
    {
        RefuseTenderOptions(options);
        if (
            options.Networks.Count + options.Blocks.Count + options.Ports.Count > 0
            || options.MemoryMegabytes is not null
        )
        {
            throw new RunException(
                $"--mem, --net, --block and -p mean nothing to this target: it is run with {string.Join(' ', run.Words)}. Give what it understands after --."
            );
        }

        return
        [
            .. run.Words.SelectMany(word =>
                word switch
                {
                    TargetRun.ImagePlace => [image],
                    TargetRun.ArgumentsPlace => options.Arguments,
                    _ => (IReadOnlyList<string>)[word],
                }
            ),
        ];
    }

    private static int Published(PublishedPort port) =>
        port switch
        {
            { Protocol: not ProtocolType.Udp } => throw new RunException(
                $"-p {port.Host.Port}:{port.Port}: only UDP has ports on this target yet: write -p {port.Host.Port}:{port.Port}/udp"
            ),
            { Host.Port: 0 } => throw new RunException(
                $"-p 0:{port.Port}/udp: name the port of this machine, an ordinary process takes the one that it is told."
            ),
            _ when !port.Host.Address.Equals(IPAddress.Any) => throw new RunException(
                $"-p {port.Host}:{port.Port}: the address that an ordinary process serves on is its own argument: -- --ipv4={port.Host.Address}/32"
            ),
            _ => port.Host.Port,
        };

    private static void RefuseTenderOptions(RunOptions options)
    {
        if (options.Tender is not null || options.Internet || options.Isolated)
        {
            throw new RunException(
                "--tender, --internet and --isolated are for targets with a tender and a private network: this one is an ordinary process, on the network of this machine."
            );
        }
    }
}
