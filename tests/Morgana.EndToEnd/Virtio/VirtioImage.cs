using System.Text;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Properties;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Virtio;

/// <summary>Images for virtio, and what tests make of them.</summary>
internal static class VirtioImage
{
    private static ReadOnlySpan<byte> MultibootMagic => [0x02, 0xb0, 0xad, 0x1b];

    /// <summary>The image with one of the programs in tests/Images.</summary>
    public static string Program(string image) =>
        PropertyImage.Path(PropertyProgram.All.First(p => p.Image == image), ".x64.virtio");

    /// <summary>A copy that multiboot does not know: QEMU starts it by PVH.</summary>
    public static string WithoutMultiboot(string image, DirectoryInfo folder)
    {
        byte[] bytes = File.ReadAllBytes(image);
        int at = bytes.AsSpan().IndexOf(MultibootMagic);
        Assert.InRange(at, 0, 8188);
        bytes.AsSpan(at, 4).Clear();
        string copy = Path.Combine(folder.FullName, "pvh.virtio");
        File.WriteAllBytes(copy, bytes);
        return copy;
    }

    /// <summary>Makes a disk with <c>morgana image</c>.</summary>
    public static async Task<string> DiskAsync(
        string image,
        DirectoryInfo folder,
        string format,
        string commandLine
    )
    {
        string disk = Path.Combine(folder.FullName, "disk." + format);
        ProcessResult made = await RunningProcess.RunAsync(
            Repository.MorganaTool,
            [
                "image",
                "--disk",
                image,
                "-o",
                disk,
                "--format",
                format,
                "--command-line",
                commandLine,
                "--force",
            ],
            TimeSpan.FromSeconds(60)
        );
        made.Succeeded("morgana image --disk");
        return disk;
    }
}
