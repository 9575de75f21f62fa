using Morgana.Elf;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;

namespace Morgana.Tender.CommandLine;

/// <summary>
/// What is the same on every tender's command line: the usage text, the version, and how errors end. The options' names are those of
/// <c>solo5-spt</c> and <c>solo5-hvt</c>.
/// </summary>
/// <param name="name">The program's name, for messages.</param>
/// <param name="format">What it runs.</param>
/// <param name="ownOptions">Usage lines of the options that only this tender has; each ends with a line feed.</param>
internal sealed class TenderProgram(string name, GuestFormat format, string ownOptions = "")
{
    /// <summary>The program's name, for messages.</summary>
    public string Name => name;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="error">Where messages go.</param>
    /// <param name="start">Runs an image.</param>
    /// <returns>The exit status: 0 for <c>--version</c>, 1 for errors and <c>--help</c>, as in Solo5; what <paramref name="start"/> returns else.</returns>
    public int Run(string[] args, TextWriter error, Func<TenderOptions, int> start)
    {
        try
        {
            var options = TenderOptions.Parse(
                args,
                format.LargestMemory,
                debugs: format.Target == AbiTarget.Hvt
            );
            switch (options.Command)
            {
                case TenderCommand.Help:
                    WriteUsage(error);
                    return 1;
                case TenderCommand.Version:
                    error.Write(
                        $"{name} tender, version {Version}\nABI version {format.Version}\n"
                    );
                    return 0;
                default:
                    StandardDescriptors.Occupy();
                    return start(options);
            }
        }
        catch (UsageException exception)
        {
            error.Write($"{name}: {exception.Message}\n");
            WriteUsage(error);
        }
        catch (Exception exception) when (exception is TenderException or ElfException)
        {
            error.Write($"{name}: {exception.Message}\n");
        }

        return 1;
    }

    private static string Version =>
        typeof(TenderProgram).Assembly.GetName().Version?.ToString(3) ?? "0";

    private void WriteUsage(TextWriter writer) =>
        writer.Write(
            $"""
            usage: {name} [ CORE OPTIONS ] [ -- ] KERNEL [ ARGS ]
            KERNEL is the filename of the unikernel to run.
            ARGS are optional arguments passed to the unikernel.
            Core options:
              [ --mem=512 ] (guest memory in MB)
                --help (display this help)
                --version (display the version and the ABI version)
            {ownOptions}Device options:
                --net:NAME=IFACE | @NN (attach tap at IFACE or at fd @NN as network NAME)
              [ --net-mac:NAME=HWADDR ] (set HWADDR for network NAME)
                --block:NAME=PATH (attach block device/file at PATH as block storage NAME)
              [ --block-sector-size:NAME=SECTORSIZE ] (set sector size for block device NAME; a power of two from 512)

            """
        );
}
