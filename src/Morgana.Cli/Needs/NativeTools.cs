namespace Morgana.Cli.Needs;

/// <summary>What the host must have to build images.</summary>
internal static class NativeTools
{
    /// <summary>All of it.</summary>
    public static IReadOnlyList<NativeTool> All { get; } =
    [
        new("clang", "it compiles the native layer under the image", "clang", []),
        new("ld.lld", "it links the image", "lld", []),
        new(
            "musl libc.a",
            "the image takes its pure C functions from it",
            "musl-dev",
            ["/usr/lib/x86_64-linux-musl/libc.a", "/usr/lib/musl/lib/libc.a", "/usr/lib/libc.a"]
        ),
    ];

    /// <summary>What is not there.</summary>
    public static IReadOnlyList<NativeTool> Missing() =>
        Missing(Environment.GetEnvironmentVariable("PATH") ?? "", File.Exists);

    /// <summary>What is not there, for a search path and a disk.</summary>
    public static IReadOnlyList<NativeTool> Missing(string path, Func<string, bool> exists) =>
        [
            .. All.Where(tool =>
                tool.Places.Length > 0
                    // The places are Linux's; elsewhere the toolchain says where its library is, and the build looks for it.
                    ? OperatingSystem.IsLinux() && !tool.Places.Any(exists)
                    : !path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                        .Any(folder =>
                            exists(Path.Combine(folder, tool.Name))
                            || exists(Path.Combine(folder, tool.Name + ".exe"))
                        )
            ),
        ];
}
