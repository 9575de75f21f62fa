using System.Diagnostics;
using CsCheck;

namespace Morgana.Elf.Tests;

public sealed class ElfStripTests : IDisposable
{
    private const string Source = """
        static int written = 40;
        static int zeroed[100];
        const char constant[] = "constant";
        void _start(void) {
            zeroed[7] = 1;
            written += zeroed[7] + (constant[0] == 'c');
            __asm__ volatile ("syscall" :: "a"(231L), "D"((long)written));
            __builtin_unreachable();
        }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("morgana-strip").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_loaded_stays_as_the_linker_made_it_and_symbols_and_debug_information_go()
    {
        byte[] linked = Link("linked");
        byte[] stripped = ElfStrip.Strip(linked);
        ElfFile before = ElfFile.Read(new MemoryElfSource("linked", linked));
        ElfFile after = ElfFile.Read(new MemoryElfSource("stripped", stripped));
        Assert.Equal(before.Segments.ToArray(), after.Segments.ToArray());
        Assert.Equal(before.Entry, after.Entry);
        foreach (ElfSegment segment in before.Segments)
        {
            Assert.Equal(Bytes(linked, segment), Bytes(stripped, segment));
        }

        Assert.NotEmpty(before.ReadSymbols());
        Assert.Empty(after.ReadSymbols());
        Assert.Equal(Names(Link("by-the-linker", "--strip-all")), Names(stripped));
        Assert.DoesNotContain(
            Names(stripped),
            name => name.StartsWith(".debug", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_stripped_program_runs()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux()
                && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
                    == System.Runtime.InteropServices.Architecture.X64,
            "the program is for Linux on x86-64"
        );
        string path = Path.Combine(folder, "stripped");
        File.WriteAllBytes(path, ElfStrip.Strip(Link("linked")));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(42, Run(path));
    }

    [Fact]
    public void Stripping_again_changes_nothing()
    {
        byte[] once = ElfStrip.Strip(Link("linked"));
        Assert.Equal(once, ElfStrip.Strip(once));
    }

    [Fact]
    public void A_damaged_executable_is_stripped_or_refused()
    {
        byte[] linked = Link("linked");
        Gen.Select(Gen.Int[0, 4095].Array[1, 8], Gen.Byte.Array[8], Gen.Int[0, linked.Length])
            .Sample(
                (places, values, length) =>
                {
                    byte[] damaged = linked.AsSpan(0, length).ToArray();
                    for (int i = 0; i < places.Length; i++)
                    {
                        // The headers are at the beginning and at the end.
                        int at = i % 2 == 0 ? places[i] % 512 : linked.Length - 1 - places[i];
                        if (at >= 0 && at < damaged.Length)
                        {
                            damaged[at] = values[i];
                        }
                    }

                    try
                    {
                        _ = ElfStrip.Strip(damaged);
                    }
                    catch (ElfException refusal)
                    {
                        Assert.NotEmpty(refusal.Message);
                    }
                },
                iter: 20_000
            );
    }

    private byte[] Link(string name, params string[] flags)
    {
        string source = Path.Combine(folder, "program.c");
        string compiled = Path.Combine(folder, "program.o");
        string linked = Path.Combine(folder, name);
        File.WriteAllText(source, Source);
        Assert.Equal(
            0,
            Run(
                "clang",
                "--target=x86_64-linux-gnu",
                "-g",
                "-O1",
                "-ffreestanding",
                "-fno-pic",
                "-c",
                source,
                "-o",
                compiled
            )
        );
        Assert.Equal(0, Run("ld.lld", ["-static", compiled, "-o", linked, .. flags]));
        return File.ReadAllBytes(linked);
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static byte[] Bytes(byte[] image, ElfSegment segment)
    {
        byte[] bytes = image.AsSpan((int)segment.Offset, (int)segment.FileSize).ToArray();
        if (segment.Offset == 0 && bytes.Length >= 64)
        {
            // The header's own fields for sections: where they are, how many, which has the names.
            bytes.AsSpan(40, 8).Clear();
            bytes.AsSpan(60, 4).Clear();
        }

        return bytes;
    }

    private static string[] Names(byte[] image) =>
        [
            .. ElfFile
                .Read(new MemoryElfSource("image", image))
                .ReadSections()
                .Select(section => section.Name)
                .Where(name => name.Length > 0 && name is not (".shstrtab" or ".comment")),
        ];
}
