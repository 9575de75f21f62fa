using Morgana.Rig.Cpio;

namespace Morgana.Rig.Guest;

/// <summary>The guest's first and only file system: busybox, the modules, and the two scripts of <c>Linux/</c>.</summary>
internal static class Initramfs
{
    /// <summary>Writes it.</summary>
    public static void Write(GuestFiles files, Stream output)
    {
        CpioArchive archive = new(output);
        foreach (string folder in (string[])["bin", "dev", "proc", "sys", "modules"])
        {
            archive.AddFolder(folder);
        }

        // Process 1 starts before anything is mounted, and its output is the console.
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddFile("bin/busybox", File.ReadAllBytes(files.Busybox));
        foreach (string module in files.Modules)
        {
            archive.AddFile($"modules/{Path.GetFileName(module)}", File.ReadAllBytes(module));
        }

        archive.AddFile("init", Script("init.sh"));
        archive.AddFile("agent.sh", Script("agent.sh"));
        archive.Finish();
    }

    private static byte[] Script(string name)
    {
        using Stream resource = typeof(Initramfs).Assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
