using System.Text;

namespace Morgana.Tender.CommandLine;

/// <summary>The guest's arguments as the one line that Solo5 hands over.</summary>
internal static class GuestArguments
{
    /// <summary>Most bytes of the line, with its terminator.</summary>
    public const int Size = 8192;

    /// <summary>Joins the arguments, in UTF-8 without a terminator.</summary>
    /// <exception cref="TenderException">They are too long together.</exception>
    public static byte[] Join(string[] arguments)
    {
        byte[] line = Encoding.UTF8.GetBytes(string.Join(' ', arguments));
        return line.Length < Size
            ? line
            : throw new TenderException(
                $"Guest command line too long ({line.Length} bytes, max={Size - 1} characters): give fewer or shorter arguments"
            );
    }
}
