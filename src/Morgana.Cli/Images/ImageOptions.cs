using System.CommandLine;
using System.Globalization;

namespace Morgana.Cli.Images;

/// <summary>Options that several forms of <c>morgana image</c> have.</summary>
internal sealed class ImageOptions
{
    /// <summary>-o FILE.</summary>
    public Option<string?> Output { get; } =
        new("--output", "-o")
        {
            Description = "the file to make; --extract: the folder",
            HelpName = "FILE",
        };

    /// <summary>--size N.</summary>
    public Option<long?> Size { get; } =
        new("--size")
        {
            Description =
                "the size of the disk in bytes, or with k, M or G behind (1024 each); --store needs it",
            HelpName = "SIZE",
            CustomParser = static result =>
            {
                if (TryParseSize(result.Tokens[0].Value, out long size))
                {
                    return size;
                }

                result.AddError(
                    $"--size {result.Tokens[0].Value}: write a number of bytes, or one with k, M or G behind, as in 64M."
                );
                return null;
            },
        };

    /// <summary>--force.</summary>
    public Option<bool> Force { get; } =
        new("--force") { Description = "write over what is at the place of --output" };

    /// <summary>Reads 512, 64k, 16M, 2G.</summary>
    internal static bool TryParseSize(string text, out long size)
    {
        size = 0;
        if (text.Length == 0)
        {
            return false;
        }

        int shift = text[^1] switch
        {
            'k' or 'K' => 10,
            'm' or 'M' => 20,
            'g' or 'G' => 30,
            _ => 0,
        };
        if (
            !long.TryParse(
                shift == 0 ? text : text[..^1],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long number
            )
            || number <= 0
            || number > long.MaxValue >> shift
        )
        {
            return false;
        }

        size = number << shift;
        return true;
    }
}
