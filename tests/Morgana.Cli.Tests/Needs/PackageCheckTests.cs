using System.IO.Compression;
using System.Security.Cryptography;
using Morgana.Cli.Needs.Packages;

namespace Morgana.Cli.Tests;

public sealed class PackageCheckTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();
    private readonly InstalledPackage _package;

    public PackageCheckTests()
    {
        string folder = Directory.CreateDirectory(_sandbox.Path("a.b/1.0.0")).FullName;
        _package = new("A.B", "1.0.0", folder);
        using (ZipArchive archive = ZipFile.Open(_package.ArchivePath, ZipArchiveMode.Create))
        {
            Add(archive, "lib/net10.0/A B.dll", "code", "lib/net10.0/A%20B.dll");
            Add(archive, "a.b.nuspec", "<package/>");
            Add(archive, "[Content_Types].xml", "<Types/>");
        }

        File.Delete(Path.Combine(folder, "[Content_Types].xml"));

        void Add(ZipArchive archive, string name, string content, string? packed = null)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
            archive.CreateEntryFromFile(path, packed ?? name);
        }
    }

    private string Hash =>
        Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(_package.ArchivePath)));

    private string Code => Path.Combine(_package.Folder, "lib/net10.0/A B.dll");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_package_as_it_came_has_no_problems() =>
        Assert.Empty(PackageCheck.Problems(_package, Hash, CancellationToken.None));

    [Theory]
    [InlineData("c0de")]
    [InlineData("code and more")]
    public void An_unpacked_file_that_was_changed_is_named(string content)
    {
        File.WriteAllText(Code, content);
        Assert.Contains(
            "A B.dll is not as it came",
            Assert.Single(PackageCheck.Problems(_package, Hash, CancellationToken.None)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_was_removed_is_named_and_was_once_passed_over()
    {
        File.Delete(Code);
        Assert.Contains(
            "A B.dll is in the package and not here",
            Assert.Single(PackageCheck.Problems(_package, Hash, CancellationToken.None)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("lib/net10.0/C.dll")]
    [InlineData("build/A.B.targets")]
    [InlineData(".hidden")]
    [InlineData("lib/a.b.nuspec")]
    public void A_file_that_was_added_is_named_since_MSBuild_would_take_it(string name)
    {
        string path = Path.Combine(_package.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        Assert.Contains(
            $"{path} did not come in the package",
            Assert.Single(PackageCheck.Problems(_package, Hash, CancellationToken.None)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_notes_of_NuGet_are_no_files_of_the_package()
    {
        foreach (string name in (string[])[".nupkg.metadata", "a.b.1.0.0.nupkg.sha512"])
        {
            File.WriteAllText(Path.Combine(_package.Folder, name), "");
        }

        Assert.Empty(PackageCheck.Problems(_package, Hash, CancellationToken.None));
    }

    [Fact]
    public void Another_package_under_the_same_name_is_told_by_its_hash()
    {
        string hash = Hash;
        using (ZipArchive archive = ZipFile.Open(_package.ArchivePath, ZipArchiveMode.Update))
        {
            archive.CreateEntry("more");
        }

        Assert.Contains(
            "is not the package that the lock names",
            Assert.Single(PackageCheck.Problems(_package, hash, CancellationToken.None)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_no_package_cannot_be_read()
    {
        File.WriteAllText(_package.ArchivePath, "no zip");
        Assert.Contains(
            "cannot be read",
            Assert.Single(PackageCheck.Problems(_package, Hash, CancellationToken.None)),
            StringComparison.Ordinal
        );
        File.Delete(_package.ArchivePath);
        Assert.Contains(
            "has no a.b.1.0.0.nupkg",
            Assert.Single(PackageCheck.Problems(_package, "", CancellationToken.None)),
            StringComparison.Ordinal
        );
    }
}
