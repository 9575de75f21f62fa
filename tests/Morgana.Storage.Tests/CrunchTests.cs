using Morgana.Crunch;

namespace Morgana.Storage.Tests;

public sealed class CrunchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("morgana-crunch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_is_read_whole_with_hidden_files_and_without_what_links_lead_to_in_circles()
    {
        Write("site/b/c.txt");
        Write("site/.hidden");
        Write("site/a b.txt");
        _ = Directory.CreateSymbolicLink(Path.Combine(_folder, "site/b/up"), "..");
        _ = File.CreateSymbolicLink(Path.Combine(_folder, "site/link.txt"), "b/c.txt");
        Assert.Equal(
            [".hidden", "a b.txt", "b/c.txt", "link.txt"],
            EmbeddedFolder
                .Read(Path.Combine(_folder, "site"))
                .Files.Select(file => System.Text.Encoding.UTF8.GetString(file.Key))
                .Where(key => key != "b/up")
        );
    }

    [Fact]
    public void The_same_folder_gives_the_same_text_and_leaves_the_file_alone()
    {
        Write("site/a");
        string file = Path.Combine(_folder, "Files.cs");
        Assert.Equal(0, Run(Path.Combine(_folder, "site"), "--output", file, "--class", "Site"));
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.Equal(0, Run(Path.Combine(_folder, "site"), "--output", file, "--class", "Site"));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
        Assert.Contains(
            "internal sealed class Site",
            File.ReadAllText(file),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a folder is missing")]
    [InlineData("--output is missing", "x")]
    [InlineData("there is no folder", "nowhere", "--output", "x.cs")]
    [InlineData("--class needs a value", "x", "--class")]
    [InlineData("'--other' is not understood", "x", "--other", "y")]
    [InlineData("cannot be the name of a class", ".", "--output", "x.cs", "--class", "a-b")]
    public void A_wrong_command_line_is_told(string message, params string[] arguments)
    {
        using StringWriter error = new();
        Assert.Equal(1, CrunchCommand.Run(arguments, TextWriter.Null, error));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    private static int Run(params string[] arguments) =>
        CrunchCommand.Run(arguments, TextWriter.Null, TextWriter.Null);

    private void Write(string path)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
        File.WriteAllText(Path.Combine(_folder, path), path);
    }
}
