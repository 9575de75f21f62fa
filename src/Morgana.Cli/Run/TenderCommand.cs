using System.Globalization;
using Morgana.Cli.Run.Images;

namespace Morgana.Cli.Run;

/// <summary>The command line of the tender for a run: exactly that of <c>solo5-spt</c>. Pure.</summary>
internal static class TenderCommand
{
    /// <summary>The words, the program first.</summary>
    /// <param name="tender">The words that start the tender.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="image">The image file.</param>
    /// <param name="made">The network device that <c>run</c> made and its TAP, or null.</param>
    public static IReadOnlyList<string> Build(
        IReadOnlyList<string> tender,
        RunOptions options,
        string image,
        DeviceArgument? made
    )
    {
        List<string> words = [.. tender];
        if (options.MemoryMegabytes is { } memory)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"--mem={memory}"));
        }

        Add("net", made is null ? options.Networks : [.. options.Networks, made]);
        Add("net-mac", options.HardwareAddresses);
        Add("block", options.Blocks);
        Add("block-sector-size", options.SectorSizes);

        // An image file called "--x" must not be taken for an option.
        words.Add(image.StartsWith('-') ? $"./{image}" : image);
        words.AddRange(options.Arguments);
        return words;

        void Add(string option, IReadOnlyList<DeviceArgument> devices)
        {
            foreach (DeviceArgument device in devices)
            {
                words.Add($"--{option}:{device}");
            }
        }
    }
}
