using System.Text;
using Morgana.Cli.Sizes;

namespace Morgana.Cli.Tests.Sizes;

/// <summary>The file that has an image's symbols, and what it knows.</summary>
public sealed class SymbolFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("morgana-symbols-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("main.c\0/_/hello/Unikernel.cs\0", true)]
    [InlineData("main.c\0Unikernel.csv\0", false)]
    public void Lines_of_CSharp_are_told_from_those_of_C(string files, bool hasLines)
    {
        string path = Path.Combine(folder, "hello.hvt");
        File.WriteAllBytes(
            path,
            new SectionImage()
                .Section(".text", 0x1000, new byte[8])
                .Section(".debug_line_str", 0, Encoding.UTF8.GetBytes(files))
                .Symbol("main", 0x1000, 8)
                .Write()
        );
        Assert.Equal(hasLines, SymbolFile.HasLines(path));
    }

    [Fact]
    public void The_symbols_of_another_image_are_not_taken()
    {
        string image = Write("dist.hvt", 1, stripped: true);
        _ = Write("obj/old.hvt", 2, stripped: false);
        Assert.Null(SymbolFile.Find(image, Path.Combine(folder, "obj")));
        string own = Write("obj/new.hvt", 1, stripped: false);
        Assert.Equal(own, SymbolFile.Find(image, Path.Combine(folder, "obj")));
    }

    private string Write(string name, byte content, bool stripped)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(
            path,
            new SectionImage()
                .Section(".text", 0x1000, [content, 2, 3, 4, 5, 6, 7, 8])
                .Symbol("main", 0x1000, 8)
                .Write(stripped)
        );
        return path;
    }
}
