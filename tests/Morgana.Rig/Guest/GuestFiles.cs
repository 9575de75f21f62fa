using System.Diagnostics;

namespace Morgana.Rig.Guest;

/// <summary>The kernel, modules and busybox of an architecture, as <c>eng/fetch-rig</c> has put them under <c>artifacts/rig</c>.</summary>
internal sealed class GuestFiles
{
    private GuestFiles(string folder) => Folder = folder;

    /// <summary>Where they lie.</summary>
    public string Folder { get; }

    /// <summary>The kernel, ready for QEMU's <c>-kernel</c>.</summary>
    public string Kernel => Path.Combine(Folder, "kernel");

    /// <summary>The static busybox.</summary>
    public string Busybox => Path.Combine(Folder, "busybox");

    /// <summary>The modules, by file name.</summary>
    public IEnumerable<string> Modules =>
        Directory.GetFiles(Path.Combine(Folder, "modules"), "*.ko").Order(StringComparer.Ordinal);

    /// <summary>Takes those that are there, and has them fetched when they are not.</summary>
    /// <exception cref="RigException">They cannot be had.</exception>
    public static async Task<GuestFiles> GetAsync(
        RigArchitecture architecture,
        CancellationToken cancellation
    )
    {
        string name = architecture.ToString().ToLowerInvariant();
        GuestFiles files = new(Path.Combine(Checkout.Root, "artifacts", "rig", name, "guest"));
        if (File.Exists(files.Busybox))
        {
            return files;
        }

        string program = Path.Combine(Checkout.Root, "eng", "fetch-rig");
        using Process process = Process.Start(
            new ProcessStartInfo(program, [name])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        string error = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? files
            : throw new RigException(
                $"eng/fetch-rig {name} failed with code {process.ExitCode}:\n{await output}{error}"
            );
    }
}
