using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Steps;

/// <summary>An image that carries a folder which programs of the workspace made and embedded while it was built.</summary>
public sealed class EmbeddedFilesTests
{
    private static readonly string[] ProgramsOwn = ["make-", "crunch-"];

    private const string Folder = "tests/Images/files";

    private static string Image => Repository.Image(Folder, "files");

    [Fact]
    public async Task Files_with_odd_names_empty_ones_and_large_ones_are_read_in_the_image_as_they_were_on_disk()
    {
        ProcessResult result = await Unikernel.RunAsync(Image);
        Assert.Equal(0, result.Code);
        byte[] big = new byte[3_000_001];
        for (int i = 0; i < big.Length; i++)
        {
            big[i] = (byte)((i * 31) ^ (i >> 8));
        }

        // In the order of the names' UTF-8, folders where their name stands.
        string[] expected =
        [
            "7 files",
            Line("a file with spaces.txt", Encoding.UTF8.GetBytes("spaces")),
            Line("big.bin", big),
            Line("deep/er/file.txt", Encoding.UTF8.GetBytes("deeper")),
            Line("deep-er.txt", Encoding.UTF8.GetBytes("beside")),
            Line("empty", []),
            Line("quote'quote.txt", Encoding.UTF8.GetBytes("quote")),
            Line("ünïcode-日本.txt", Encoding.UTF8.GetBytes("日本")),
            "empty: 0",
            "nothing: True",
            "part: 4 eper",
            "empty folder: 0",
        ];
        Assert.Equal(
            expected,
            result
                .Output.Split('\n')
                .Where(line =>
                    line.Contains('|', StringComparison.Ordinal)
                    || expected.Contains(line, StringComparer.Ordinal)
                )
        );
    }

    [Fact]
    public void The_programs_of_steps_were_built_once_for_the_host_and_are_no_part_of_the_image()
    {
        _ = Image;
        string folder = Path.Combine(Repository.Root, Folder);
        // One folder of output, without a runtime identifier: it was never built for another machine.
        string output = Assert.Single(
            Directory
                .GetDirectories(Path.Combine(folder, "obj", "morgana", "msbuild"), "make-*")
                .SelectMany(place =>
                    Directory.GetFiles(
                        Path.Combine(place, "bin"),
                        "make.dll",
                        SearchOption.AllDirectories
                    )
                )
        );
        Assert.EndsWith(
            Path.Combine("Release", "net10.0", "make.dll"),
            output,
            StringComparison.Ordinal
        );
        foreach (
            string response in Directory
                .GetFiles(Path.Combine(folder, "obj"), "*.rsp", SearchOption.AllDirectories)
                // The compiler's calls for the programs themselves, which the engine makes too.
                .Where(path => !ProgramsOwn.Any(Path.GetFileName(path).StartsWith))
        )
        {
            string text = File.ReadAllText(response);
            Assert.DoesNotContain("make.dll", text, StringComparison.Ordinal);
            Assert.DoesNotContain("crunch.dll", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(
            "MakeSite",
            Encoding.Latin1.GetString(File.ReadAllBytes(Image)),
            StringComparison.Ordinal
        );
        // The program ran with the environment of its host context.
        Assert.Equal("made 10\n", File.ReadAllText(Path.Combine(folder, "obj", "site.made")));
    }

    private static string Line(string key, byte[] content)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in content)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{key}|{content.Length}|{Convert.ToHexStringLower(SHA256.HashData(content))}|{hash:x16}"
        );
    }
}
