using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Hardware.Filter;

/// <summary>
/// The spt tender's filter of system calls in a real kernel of each architecture. A user-mode emulator, as in the tests of arm64
/// elsewhere, cannot install one.
/// </summary>
public sealed class SptFilterTests(SharedRigs rigs)
{
    private const int KilledBySigsys = 128 + 31;

    private static readonly string[] Forbidden =
    [
        "getpid",
        "openat",
        "clone",
        "execve",
        "socket",
        "write-elsewhere",
        "write-wide-descriptor",
        "another-clock",
        "mprotect-execute",
        "mprotect-image",
        "mprotect-two-pages",
        "poll-too-many",
    ];

    [Theory]
    [InlineData(RigArchitecture.X64, "x64")]
    [InlineData(RigArchitecture.Arm64, "arm64")]
    public async Task What_the_ABI_does_not_have_ends_the_process(
        RigArchitecture architecture,
        string name
    )
    {
        DirectoryInfo folder = TemporaryFolder.Create("filter");
        try
        {
            string image = await NativeImage.BuildAsync(
                "tests/Morgana.EndToEnd/Hardware/Filter/calls.c",
                name,
                "spt",
                folder.FullName
            );
            string tender = Path.Combine(
                Repository.Root,
                "artifacts",
                "tender",
                $"linux-{name}",
                "morgana-spt"
            );
            if (!File.Exists(tender))
            {
                throw new MissingToolException(
                    $"There is no {tender}. Build it: eng/build-tenders {name}"
                );
            }

            Rig.Rig rig = await rigs.GetAsync(architecture);
            // All in one job, since a job costs more than a case; the shell's word on a killed process goes to its standard error.
            RigResult result = await rig.RunAsync(
                [RigFile.From(tender), RigFile.From(image, "image")],
                string.Join(
                    '\n',
                    Forbidden
                        .Prepend("allowed")
                        .Select(one =>
                            $"./morgana-spt --mem=16 image {one}; echo \"{one} ends with $?\""
                        )
                )
            );
            string expected = string.Concat(
                Forbidden.Select(one => $"morgana: calling\n{one} ends with {KilledBySigsys}\n")
            );
            Assert.Equal(
                $"morgana: calling\nmorgana: the clock says 0\nallowed ends with 0\n{expected}",
                result.Output
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
