using Morgana.Elf;

namespace Morgana.EndToEnd.Images;

/// <summary>
/// A file that is an image as far as its manifest goes. It lets tests drive <c>morgana run</c> with a stand-in for the
/// tender.
/// </summary>
internal static class ManifestFile
{
    /// <summary>Writes an image that declares the given network devices.</summary>
    public static void Write(string path, params string[] networks)
    {
        Manifest manifest = new([
            .. networks.Select(name => new ManifestDevice(name, DeviceType.NetBasic)),
        ]);
        File.WriteAllBytes(
            path,
            new ElfImageWriter(ElfMachine.X64, 0x100000)
                .Note("Solo5", ManifestNote.NoteType, ManifestNote.Encode(manifest))
                .Write()
        );
    }
}
