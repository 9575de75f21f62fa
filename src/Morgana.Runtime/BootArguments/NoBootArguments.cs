using System.Text;

namespace Morgana.Runtime;

/// <summary>
/// The boot arguments of an image that has none. It stands in for <see cref="BootArguments"/> so that such an image
/// does not carry a parser: hello is half as big without.
/// </summary>
/// <param name="name">The image's name.</param>
/// <param name="description">What it is in a sentence; may be empty.</param>
public readonly struct NoBootArguments(string name, string description)
{
    /// <summary>Reads the arguments that the image was given: none, or <c>--help</c>.</summary>
    /// <param name="arguments">One element an argument.</param>
    /// <param name="console">Where the usage text or the error goes.</param>
    /// <returns>Null when the unikernel is to start; else the exit code that the image is to end with: 0 after <c>--help</c>,
    /// <see cref="BootExitCode.Usage"/> after anything else.</returns>
    public int? Read(IReadOnlyList<string> arguments, Stream console)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(console);
        if (arguments.Count == 0)
        {
            return null;
        }

        bool help = arguments[0] is "--help" or "-h" or "-?";
        string text = help
            ? string.Concat(
                description,
                description.Length > 0 ? "\n" : "",
                name,
                " takes no arguments.\n"
            )
            : string.Concat(
                name,
                ": '",
                arguments[0],
                "' is not understood: this image takes no arguments.\n"
            );
        console.Write(Encoding.UTF8.GetBytes(text));
        return help ? 0 : BootExitCode.Usage;
    }
}
