using System.Globalization;
using Morgana.EndToEnd.Images;

namespace Morgana.EndToEnd.Properties;

/// <summary>One property of the native layer: a program of an image in <c>tests/Images</c>, and what it must print.</summary>
/// <param name="Image">The image's name, which is its folder's.</param>
/// <param name="Name">The program's.</param>
/// <param name="Expectation">What it must print.</param>
internal sealed record PropertyProgram(string Image, string Name, Expectation Expectation)
{
    private static readonly string[] Images = ["properties", "block", "network", "networks"];

    /// <summary>All of them: every <c>Programs/*.expected</c> of the images.</summary>
    public static IReadOnlyList<PropertyProgram> All { get; } =
    [
        .. Images.SelectMany(image =>
            Directory
                .EnumerateFiles(
                    Path.Combine(Repository.Root, "tests", "Images", image, "Programs"),
                    "*.expected"
                )
                .Order(StringComparer.Ordinal)
                .Select(path => new PropertyProgram(
                    image,
                    Path.GetFileNameWithoutExtension(path),
                    Expectation.Parse(File.ReadAllText(path))
                ))
        ),
    ];

    /// <summary>The names of the image's network devices in the manifest; the other end of the first is 10.0.0.1/24, of the second 10.0.1.1/24.</summary>
    public IReadOnlyList<string> Networks =>
        Image switch
        {
            "network" => ["service"],
            "networks" => ["first", "second"],
            _ => [],
        };

    /// <summary>The names of its block devices, each of <see cref="BlockDeviceSize"/> zero bytes.</summary>
    public IReadOnlyList<string> BlockDevices => Image == "block" ? ["storage"] : [];

    /// <summary>Bytes of a block device.</summary>
    public static int BlockDeviceSize => 1 << 20;

    /// <summary>The image's own arguments, as words.</summary>
    /// <param name="slack">Milliseconds that a sleep may last longer than asked on this machine.</param>
    public string[] Arguments(int slack)
    {
        string program = $"--program={Name}";
        return (Image, Name) switch
        {
            ("properties", "arguments") =>
            [
                program,
                "--text=two  words, a \"quote\", a \\ and a ü",
            ],
            ("properties", "exit-code") => [program, "--number=42"],
            ("properties", "sleep" or "time") =>
            [
                program,
                string.Create(CultureInfo.InvariantCulture, $"--slack={slack}"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--number={DateTimeOffset.UtcNow.ToUnixTimeSeconds()}"
                ),
            ],
            _ => [program],
        };
    }

    /// <summary>The same in the quotes that a tender's one line needs (native/start/main.c).</summary>
    /// <param name="slack">Milliseconds that a sleep may last longer than asked on this machine.</param>
    public string[] QuotedArguments(int slack) => [.. Arguments(slack).Select(Quote)];

    private static string Quote(string word) =>
        word.AsSpan().IndexOfAny(" '\"\\") < 0
            ? word
            : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
