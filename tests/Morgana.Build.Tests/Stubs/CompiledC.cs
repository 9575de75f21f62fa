using System.Diagnostics;
using System.Text;

namespace Morgana.Build.Tests.Stubs;

/// <summary>Objects out of C, as the build makes them.</summary>
internal static class CompiledC
{
    public static string Compile(
        TemporaryFolder folder,
        string name,
        string source,
        string target = "x86_64-unknown-linux-elf",
        params string[] flags
    )
    {
        string file = folder.Write(name, source);
        string output = Path.ChangeExtension(file, ".o");
        Run(
            "clang",
            [$"--target={target}", "-ffreestanding", "-O1", .. flags, "-c", file, "-o", output]
        );
        return output;
    }

    public static string Archive(TemporaryFolder folder, string name, params string[] objects)
    {
        string path = folder[name];
        using FileStream archive = File.Create(path);
        archive.Write("!<arch>\n"u8);
        foreach (string file in objects)
        {
            byte[] content = File.ReadAllBytes(file);
            string member = Path.GetFileName(file) + "/";
            archive.Write(
                Encoding.ASCII.GetBytes(
                    $"{member, -16}{0, -12}{0, -6}{0, -6}{644, -8}{content.Length, -10}`\n"
                )
            );
            archive.Write(content);
            if (content.Length % 2 != 0)
            {
                archive.WriteByte((byte)'\n');
            }
        }

        return path;
    }

    private static void Run(string program, string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
            ?? throw new InvalidOperationException(program);
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
