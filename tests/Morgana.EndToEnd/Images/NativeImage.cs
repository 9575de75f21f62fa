using System.Text.Json;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Images;

/// <summary>
/// An image of the native layer and one C file, without .NET: compiled and linked with what the toolchain's file says, as the SDK does it.
/// </summary>
internal static class NativeImage
{
    /// <summary>Builds an image.</summary>
    /// <param name="source">The C file with <c>main</c> and the manifest's note, from the repository's folder.</param>
    /// <param name="architecture">The architecture as .NET calls it.</param>
    /// <param name="target">The target, as the toolchain calls it.</param>
    /// <param name="folder">Where the image and what it is made of go.</param>
    /// <returns>The image's path.</returns>
    public static async Task<string> BuildAsync(
        string source,
        string architecture,
        string target,
        string folder
    )
    {
        string toolchainFolder = Path.Combine(Repository.Root, "toolchains", architecture);
        using var document = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(toolchainFolder, "toolchain.json"))
        );
        JsonElement toolchain = document.RootElement;
        JsonElement chosen = toolchain.GetProperty("targets").GetProperty(target);
        string native = Path.Combine(Repository.Root, "native");
        string clang = Tool.Find("clang", "clang");
        List<string> objects = [];
        foreach (
            string file in Sources(toolchain, chosen, native)
                .Append(Path.Combine(Repository.Root, source))
        )
        {
            string output = Path.Combine(folder, $"{objects.Count}.o");
            objects.Add(output);
            _ = (
                await RunningProcess.RunAsync(
                    clang,
                    [
                        "--target=" + toolchain.GetProperty("triple").GetString(),
                        .. Words(toolchain, "compilerFlags"),
                        "-I" + Path.Combine(native, "include"),
                        "-c",
                        file,
                        "-o",
                        output,
                    ]
                )
            ).Succeeded($"compiling {file}");
        }

        string image = Path.Combine(
            folder,
            $"{Path.GetFileNameWithoutExtension(source)}.{architecture}.{target}"
        );
        string archive =
            Words(toolchain, "pureArchive")
                .Select(path => Path.GetFullPath(path, toolchainFolder))
                .FirstOrDefault(File.Exists)
            ?? throw new MissingToolException(
                $"There is no libc.a of musl for {architecture}: eng/install-needs tests"
            );
        _ = (
            await RunningProcess.RunAsync(
                Tool.Find("ld.lld", "lld"),
                [
                    .. Words(toolchain, "linkerFlags"),
                    "-T",
                    Path.Combine(native, chosen.GetProperty("linkerScript").GetString()!),
                    .. objects,
                    archive,
                    "-o",
                    image,
                ]
            )
        ).Succeeded($"linking {image}");
        return image;
    }

    private static IEnumerable<string> Words(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(word => word.GetString()!);

    private static IEnumerable<string> Sources(
        JsonElement toolchain,
        JsonElement target,
        string native
    )
    {
        string[] others = [.. Words(toolchain, "otherSuffixes")];
        return Words(toolchain, "sources")
            .Concat(Words(target, "sources"))
            .Select(pattern => Path.GetDirectoryName(pattern)!)
            .Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(native, folder)))
            .Where(file => Path.GetExtension(file) is ".c" or ".S")
            .Where(file =>
                !others.Any(other =>
                    Path.GetFileNameWithoutExtension(file)
                        .EndsWith("_" + other, StringComparison.Ordinal)
                )
            )
            .Order(StringComparer.Ordinal);
    }
}
