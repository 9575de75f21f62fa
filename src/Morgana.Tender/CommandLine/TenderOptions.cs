using System.Globalization;
using Morgana.Elf;

namespace Morgana.Tender.CommandLine;

/// <summary>The command line of <c>solo5-spt</c> and <c>solo5-hvt</c>: <c>[OPTIONS] [--] IMAGE [ARGUMENTS]</c>. Options stand before the image.</summary>
internal sealed class TenderOptions
{
    /// <summary>Guest memory when <c>--mem</c> is not given, in bytes.</summary>
    public const ulong DefaultMemory = 512UL << 20;

    private const string Memory = "--mem=";

    private readonly ulong largestMemory;

    private TenderOptions(ulong largestMemory) => this.largestMemory = largestMemory;

    /// <summary>What is asked for. The other members have a meaning only when it is to run an image.</summary>
    public TenderCommand Command { get; private init; }

    /// <summary>Guest memory in bytes.</summary>
    public ulong MemorySize { get; private set; } = DefaultMemory;

    /// <summary>The options that name devices, in their order.</summary>
    public List<DeviceOption> Devices { get; } = [];

    /// <summary>What debugging is asked for; null when this tender has no options for it.</summary>
    public DebugOptions? Debugging { get; private init; }

    /// <summary>Path of the image.</summary>
    public string Image { get; private set; } = "";

    /// <summary>The guest's arguments.</summary>
    public string[] Arguments { get; private set; } = [];

    /// <summary>Reads a command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="largestMemory">The most that <c>--mem</c> may ask for, in bytes.</param>
    /// <param name="debugs">Whether the tender has the options of <see cref="DebugOptions"/>.</param>
    /// <exception cref="UsageException">It is not one; the usage helps.</exception>
    /// <exception cref="TenderException">An option's value is wrong.</exception>
    public static TenderOptions Parse(string[] args, ulong largestMemory, bool debugs = false)
    {
        var options = new TenderOptions(largestMemory)
        {
            Debugging = debugs ? new DebugOptions() : null,
        };

        // A wrong option is reported only when no --help follows it, as in solo5-spt.
        string? invalid = null;
        TenderException? wrong = null;
        int i = 0;
        for (; i < args.Length && args[i].StartsWith('-'); i++)
        {
            string arg = args[i];
            if (arg == "--")
            {
                i++;
                break;
            }

            if (arg == "--help")
            {
                return new TenderOptions(largestMemory) { Command = TenderCommand.Help };
            }

            if (arg == "--version")
            {
                return new TenderOptions(largestMemory) { Command = TenderCommand.Version };
            }

            try
            {
                if (!options.TryRead(arg))
                {
                    invalid ??= arg;
                }
            }
            catch (TenderException exception)
            {
                wrong ??= exception;
            }
        }

        if (i >= args.Length)
        {
            throw new UsageException("Missing KERNEL operand: give the path of the image to run");
        }

        if (wrong is not null)
        {
            throw wrong;
        }

        if (invalid is not null)
        {
            throw new UsageException($"Invalid option: '{invalid}'");
        }

        options.Image = args[i];
        options.Arguments = args[(i + 1)..];
        return options;
    }

    private bool TryRead(string arg)
    {
        if (arg.StartsWith(Memory, StringComparison.Ordinal))
        {
            MemorySize = ReadMemory(arg);
            return true;
        }

        if (arg.StartsWith("--x-exec-heap", StringComparison.Ordinal))
        {
            throw new TenderException(
                "--x-exec-heap is refused: this tender maps no memory both writable and executable; use solo5-spt for such an image"
            );
        }

        return Debugging?.TryRead(arg) == true
            || TryReadDevice(arg, "--net:", DeviceOptionKind.Net)
            || TryReadDevice(arg, "--net-mac:", DeviceOptionKind.NetMac)
            || TryReadDevice(arg, "--block:", DeviceOptionKind.Block)
            || TryReadDevice(arg, "--block-sector-size:", DeviceOptionKind.BlockSectorSize);
    }

    private ulong ReadMemory(string arg)
    {
        ulong most = largestMemory >> 20;
        ReadOnlySpan<char> digits = arg.AsSpan(Memory.Length);
        if (
            !ulong.TryParse(
                digits,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out ulong megabytes
            )
            || megabytes == 0
        )
        {
            throw new TenderException(
                $"Malformed argument to --mem: '{digits}'; give the guest's memory in megabytes, as in --mem=64"
            );
        }

        return megabytes <= most
            ? megabytes << 20
            : throw new TenderException(
                $"--mem={megabytes}: Maximum guest memory size ({most} MB) exceeded; give less"
            );
    }

    private bool TryReadDevice(string arg, string prefix, DeviceOptionKind kind)
    {
        if (!arg.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        int equals = arg.IndexOf('=', prefix.Length);
        if (equals < 0 || equals == prefix.Length || equals == arg.Length - 1)
        {
            return false;
        }

        string name = arg[prefix.Length..equals];
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        if (name.Length > ManifestDevice.LongestName)
        {
            return false;
        }

        Devices.Add(new DeviceOption(kind, name, arg[(equals + 1)..]));
        return true;
    }
}
