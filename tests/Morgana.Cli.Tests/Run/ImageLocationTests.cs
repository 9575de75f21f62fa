using System.Runtime.InteropServices;
using Morgana.Cli.Run;

namespace Morgana.Cli.Tests.Run;

public sealed class ImageLocationTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("morgana-run-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_only_image_in_dist_is_taken()
    {
        Make("dist/a.spt");
        Make("dist/a.hvt");
        Assert.Equal("dist/a.spt", ImageLocation.Find(null, "spt", folder.FullName));
    }

    [Fact]
    public void Without_an_image_it_says_to_build() => Refused("morgana build", null);

    [Fact]
    public void Of_several_images_one_must_be_chosen()
    {
        Make("dist/b.spt");
        Make("dist/a.spt");
        Refused("a.spt, b.spt", null);
    }

    [Fact]
    public void Of_one_image_for_several_architectures_the_machines_own_is_taken()
    {
        Make("dist/a.arm64.spt");
        Make("dist/a.x64.spt");
        string found = ImageLocation.Find(null, "spt", folder.FullName);
        Assert.Equal(
            RuntimeInformation.OSArchitecture == Architecture.Arm64
                ? "dist/a.arm64.spt"
                : "dist/a.x64.spt",
            found
        );
    }

    [Fact]
    public void A_named_image_must_be_there() =>
        Refused("There is no image other.spt", "other.spt");

    [Fact]
    public void The_native_tender_of_the_checkout_above_is_found()
    {
        string tender = Make("artifacts/tender/linux-x64/morgana-spt");
        string arm = Make("artifacts/tender/linux-arm64/morgana-spt");
        string found = ImageLocation
            .FindTender(null, "spt", Path.Combine(folder.FullName, "src", "bin"))
            .Single();
        Assert.Contains(found, (string[])[tender, arm]);
    }

    [Fact]
    public void A_native_tender_older_than_the_tools_library_is_passed_over()
    {
        string tender = Make("artifacts/tender/linux-x64/morgana-spt");
        string arm = Make("artifacts/tender/linux-arm64/morgana-spt");
        string library = Make("tool/Morgana.Tender.dll");
        File.SetLastWriteTimeUtc(library, DateTime.UtcNow);
        File.SetLastWriteTimeUtc(tender, DateTime.UtcNow.AddHours(-1));
        File.SetLastWriteTimeUtc(arm, DateTime.UtcNow.AddHours(-1));
        Assert.Equal(
            "spt",
            ImageLocation.FindTender(null, "spt", Path.GetDirectoryName(library)!)[^1]
        );
    }

    private void Refused(string part, string? given) =>
        Assert.Contains(
            part,
            Assert
                .Throws<RunException>(() => ImageLocation.Find(given, "spt", folder.FullName))
                .Message,
            StringComparison.Ordinal
        );

    private string Make(string path)
    {
        string full = Path.Combine(folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, "");
        return full;
    }
}
