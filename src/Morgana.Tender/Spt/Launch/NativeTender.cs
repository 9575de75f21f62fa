using System.Runtime.CompilerServices;
using System.Text;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Spt;

/// <summary>
/// The same tenders as native programs (<c>src/Morgana.Tender.Spt</c>, <c>src/Morgana.Tender.Hvt</c>, published with NativeAOT), which start in a hundredth of the time
/// that this library needs under the just-in-time compiler.
/// </summary>
public static unsafe class NativeTender
{
    /// <summary>Replaces this process by the native tender when there is one that is not older than this library; else returns.</summary>
    /// <param name="target">The tender's target: <c>spt</c> or <c>hvt</c>.</param>
    /// <param name="args">The command line.</param>
    public static void TryRun(string target, string[] args)
    {
        // Compiled ahead of time, this is the native tender.
        if (!RuntimeFeature.IsDynamicCodeSupported || Find($"morgana-{target}") is not string path)
        {
            return;
        }

        byte[][] strings = new byte[args.Length + 2][];
        strings[0] = Encoding.UTF8.GetBytes($"morgana-{target}\0");
        strings[^1] = Encoding.UTF8.GetBytes(path + '\0');
        int size = strings[0].Length + strings[^1].Length;
        for (int i = 0; i < args.Length; i++)
        {
            strings[i + 1] = Encoding.UTF8.GetBytes(args[i] + '\0');
            size += strings[i + 1].Length;
        }

        byte[] bytes = new byte[size];
        nint[] pointers = new nint[args.Length + 2];
        fixed (byte* start = bytes)
        fixed (nint* arguments = pointers)
        {
            int at = 0;
            for (int i = 0; i < strings.Length; i++)
            {
                pointers[i] = (nint)(start + at);
                strings[i].CopyTo(bytes.AsSpan(at));
                at += strings[i].Length;
            }

            byte* file = (byte*)pointers[^1];
            pointers[^1] = 0;
            _ = LinuxCalls.Execute(file, (byte**)arguments, LinuxCalls.Environment);
        }
    }

    // Beside the tool when it is installed; under artifacts/ in a checkout.
    private static string? Find(string fileName)
    {
        string library = Path.Combine(AppContext.BaseDirectory, "Morgana.Tender.dll");
        string architecture =
            GuestImage.HostMachine == Elf.ElfMachine.Arm64 ? "linux-arm64" : "linux-x64";
        string relative = Path.Combine("tender", architecture, fileName);
        string installed = Path.Combine(
            Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory),
            relative
        );
        for (
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            foreach (string candidate in (string[])[relative, Path.Combine("artifacts", relative)])
            {
                string path = Path.Combine(folder.FullName, candidate);
                if (File.Exists(path))
                {
                    // One that was installed with the tool belongs to it, whatever the times that unpacking gave the two. A stale one in
                    // a checkout would not have the changes that are being tried.
                    return
                        path == installed
                        || !File.Exists(library)
                        || File.GetLastWriteTimeUtc(path) >= File.GetLastWriteTimeUtc(library)
                        ? path
                        : null;
                }
            }
        }

        return null;
    }
}
