using System.Runtime.InteropServices;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Packages;

/// <summary>A user installs Morgana from its packages, and makes a unikernel outside of every checkout.</summary>
public sealed class InstalledToolTests(InstalledMorgana installed) : IClassFixture<InstalledMorgana>
{
    [Fact]
    public async Task A_new_unikernel_configures_builds_and_runs_under_the_packaged_tender()
    {
        await installed.DotnetAsync(
            "new",
            "unikernel",
            "-n",
            "mine",
            "--packages",
            InstalledMorgana.Packages
        );
        string folder = Path.Combine(installed.Folder, "mine");
        Assert.True(File.Exists(Path.Combine(folder, "README.md")));
        Assert.True(File.Exists(Path.Combine(folder, ".gitignore")));

        await installed.MorganaAsync("mine", "configure", "-t", "spt");
        await installed.MorganaAsync("mine", "depends");
        await installed.MorganaAsync("mine", "build");
        string image = Path.Combine(folder, "dist", "mine.spt");
        Assert.True(File.Exists(image));

        // The image holds nothing of the place where it was made.
        byte[] bytes = await File.ReadAllBytesAsync(image, TestContext.Current.CancellationToken);
        Assert.Equal(
            -1,
            bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(installed.Root))
        );

        ProcessResult ran = await installed.MorganaAsync("mine", "run");
        Assert.Contains("Hello from mine", ran.Output, StringComparison.Ordinal);

        // The package brings the tenders of every machine that images are made for.
        string machine = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        string tender = Assert.Single(
            Directory.GetFiles(
                Path.Combine(installed.Root, "tools"),
                "morgana-spt",
                SearchOption.AllDirectories
            ),
            path => Path.GetFileName(Path.GetDirectoryName(path)) == machine
        );
        ProcessResult bare = await installed.RunAsync(tender, folder, image);
        Assert.Equal(0, bare.Code);
        Assert.Contains("Hello from mine", bare.Output, StringComparison.Ordinal);

        ProcessResult size = await installed.MorganaAsync("mine", "query", "size");
        Assert.Contains("System.Private.CoreLib", size.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_server_with_a_name_that_is_none_in_CSharp_builds_with_dotnet_build_alone()
    {
        await installed.DotnetAsync(
            "new",
            "unikernel",
            "--kind",
            "udp",
            "-n",
            "My.Second-server_2",
            "--packages",
            InstalledMorgana.Packages
        );
        await installed.MorganaAsync("My.Second-server_2", "configure", "-t", "spt");
        ProcessResult built = await installed.RunAsync(
            "dotnet",
            Path.Combine(installed.Folder, "My.Second-server_2"),
            "build"
        );
        Assert.True(built.Code == 0, built.Output);
        Assert.True(
            File.Exists(
                Path.Combine(
                    installed.Folder,
                    "My.Second-server_2",
                    "dist",
                    "my-second-server-2.spt"
                )
            )
        );
    }

    [Fact]
    public async Task No_process_stays_behind()
    {
        ProcessResult version = await installed.MorganaAsync("", "--version");
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);
        foreach (string process in Directory.GetDirectories("/proc"))
        {
            string command;
            try
            {
                command = await File.ReadAllTextAsync(
                    Path.Combine(process, "cmdline"),
                    TestContext.Current.CancellationToken
                );
            }
            catch (IOException)
            {
                // It has ended, or is no process.
                continue;
            }

            Assert.DoesNotContain(installed.Root, command, StringComparison.Ordinal);
        }
    }
}
