using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Build;

/// <summary>The link refuses an image that could enter the kernel past its bindings.</summary>
public sealed class SystemCallCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("morgana-native-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_system_call_instruction_in_a_native_library_is_an_error_that_names_the_function()
    {
        string native = Path.Combine(_folder, "native");
        string original = Path.Combine(Repository.Root, "native");
        foreach (
            string file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories)
        )
        {
            string copy = Path.Combine(native, Path.GetRelativePath(original, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.WriteAllText(
            Path.Combine(native, "libc", "smuggler.c"),
            """
            __attribute__((constructor)) static void smuggle_a_call(void)
            {
                __asm__ volatile("movl $39, %%eax; syscall" : : : "rax", "rcx", "r11", "memory");
            }
            """
        );

        ProcessResult result = await RunningProcess.RunAsync(
            "dotnet",
            [
                "build",
                Path.Combine(Repository.Root, "unikernels", "hello"),
                "-nologo",
                $"-p:MorganaNativeFolder={native}/",
                $"-p:MorganaDistFolder={_folder}/dist/",
            ],
            TimeSpan.FromMinutes(5)
        );

        Assert.NotEqual(0, result.Code);
        Assert.Contains("MORGANA042", result.Output, StringComparison.Ordinal);
        Assert.Contains("smuggle_a_call", result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "dist", "hello.spt")));
    }
}
