using System.Diagnostics;
using Morgana.Elf;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests;

/// <summary>The stub's source, for both architectures, with the flags that matter.</summary>
public sealed class StubSourceTests
{
    // Not by the path of this file: a build for continuous integration maps it to /_/.
    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Morgana.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder
            ?? throw new InvalidOperationException(
                $"The checkout is not above {AppContext.BaseDirectory}: run the tests from their build folder."
            );
    }

    [Theory]
    [InlineData("x86_64", ElfMachine.X64)]
    [InlineData("aarch64", ElfMachine.Arm64)]
    public void It_builds_without_a_libc_into_one_segment_that_cannot_be_written(
        string name,
        ElfMachine machine
    )
    {
        string folder = Directory.CreateTempSubdirectory("morgana-stub").FullName;
        try
        {
            string output = Path.Combine(folder, "stub");
            string[] arguments =
            [
                $"--target={name}-linux-gnu",
                .. "-std=c11 -O2 -Wall -Wextra -Werror -ffreestanding -fno-builtin -fno-stack-protector -fpie".Split(
                    ' '
                ),
                .. "-fno-asynchronous-unwind-tables -mgeneral-regs-only -nostdlib -static -fuse-ld=lld".Split(
                    ' '
                ),
                .. "-Wl,--image-base=0x4000000000 -Wl,--no-rosegment -Wl,-z,noexecstack -Wl,-z,norelro".Split(
                    ' '
                ),
                "-o",
                output,
                Path.Combine(Root(), "native", "tender", "stub.c"),
            ];
            using Process clang = Process.Start(
                new ProcessStartInfo("clang", arguments) { RedirectStandardError = true }
            )!;
            string messages = clang.StandardError.ReadToEnd();
            clang.WaitForExit();
            Assert.Equal((0, ""), (clang.ExitCode, messages));
            using var source = new FileElfSource(output);
            var file = ElfFile.Read(source);
            Assert.Equal((ElfFileType.Executable, machine), (file.Type, file.Machine));
            ElfSegment load = Assert.Single(
                file.Segments.ToArray(),
                segment => segment.Type == ElfSegmentType.Load
            );
            Assert.Equal(ElfSegmentFlags.Read | ElfSegmentFlags.Execute, load.Flags);
            Assert.Equal(Spt.SptAbi.LargestMemory, load.Address);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
