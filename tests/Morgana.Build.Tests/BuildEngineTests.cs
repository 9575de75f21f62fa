using System.Diagnostics;
using System.Globalization;
using Morgana.Build.Execution;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;

namespace Morgana.Build.Tests;

public sealed class BuildEngineTests
{
    /// <summary>a -> b -> c, and d of its own.</summary>
    private static TestProject Chain(string? cache = null)
    {
        TestProject project = new() { CacheFolder = cache };
        _ = project.Write("a", "1");
        _ = project.Write("d", "1");
        _ = project.Shell("b", "cat a > b; echo b >> b", ["a"], ["b"]);
        _ = project.Shell("c", "wc -l < b > c", ["b"], ["c"]);
        _ = project.Shell("e", "cp d e", ["d"], ["e"]);
        return project;
    }

    private static string Outcomes(Dictionary<string, ActionReport> reports) =>
        string.Join(
            ' ',
            reports
                .Values.OrderBy(report => report.Action.Id, StringComparer.Ordinal)
                .Select(report => $"{report.Action.Id}:{report.Outcome}")
        );

    [Fact]
    public async Task Everything_runs_once_and_then_nothing_does()
    {
        using TestProject project = Chain();

        Assert.Equal("b:Ran c:Ran e:Ran", Outcomes(await project.BuildAsync()));
        Assert.Equal("b:Current c:Current e:Current", Outcomes(await project.BuildAsync()));
    }

    [Fact]
    public async Task An_edit_rebuilds_what_depends_on_it_and_nothing_else()
    {
        using TestProject project = Chain();
        _ = await project.BuildAsync();
        _ = project.Write("a", "1\n2\n");

        Dictionary<string, ActionReport> reports = await project.BuildAsync();

        Assert.Equal("b:Ran c:Ran e:Current", Outcomes(reports));
        Assert.Equal("a changed", reports["b"].Reason);
        Assert.Equal("b changed", reports["c"].Reason);
    }

    [Fact]
    public async Task What_depends_on_an_output_that_came_out_the_same_is_left_alone()
    {
        using TestProject project = Chain();
        _ = await project.BuildAsync();
        // b changes, but has as many lines: c's input changes. e's input is only touched.
        _ = project.Write("a", "2");
        File.SetLastWriteTimeUtc(project["d"], DateTime.UtcNow.AddMinutes(-5));
        Assert.Equal("b:Ran c:Ran e:Current", Outcomes(await project.BuildAsync()));

        _ = project.Shell("f", "cp c f", ["c"], ["f"]);
        _ = await project.BuildAsync();
        _ = project.Write("a", "3");
        Assert.Equal("b:Ran c:Ran e:Current f:Current", Outcomes(await project.BuildAsync()));
    }

    [Fact]
    public async Task Another_argument_is_named()
    {
        using TestProject project = Chain();
        _ = await project.BuildAsync();
        project.Replace("e", action => action with { Arguments = ["-c", "cp d ./e"] });

        Dictionary<string, ActionReport> reports = await project.BuildAsync();

        Assert.Equal(ActionOutcome.Ran, reports["e"].Outcome);
        Assert.Equal(
            "its command now has cp d ./e; its command no longer has cp d e",
            reports["e"].Reason
        );
    }

    [Fact]
    public async Task An_output_that_is_gone_or_tampered_with_is_made_again()
    {
        using TestProject project = Chain();
        _ = await project.BuildAsync();
        File.Delete(project["c"]);
        _ = project.Write("e", "nonsense");

        Dictionary<string, ActionReport> reports = await project.BuildAsync();

        Assert.Equal("b:Current c:Ran e:Ran", Outcomes(reports));
        Assert.Equal("c is not there", reports["c"].Reason);
        Assert.Equal("what it made was changed by something else", reports["e"].Reason);
        Assert.Equal("1", project.Read("e"));
    }

    [Fact]
    public async Task What_was_built_is_found_again_after_a_change_there_and_back()
    {
        using TemporaryFolder cache = new();
        using TestProject project = Chain(cache.Location);
        _ = await project.BuildAsync();
        string built = project.Read("c");
        _ = project.Write("a", "1\n2\n3\n");
        _ = await project.BuildAsync();
        Assert.NotEqual(built, project.Read("c"));
        _ = project.Write("a", "1");

        Assert.Equal("b:Restored c:Restored e:Current", Outcomes(await project.BuildAsync()));
        Assert.Equal(built, project.Read("c"));
        Assert.Empty(project.Started);
    }

    [Fact]
    public async Task Another_checkout_finds_what_the_first_has_built()
    {
        using TemporaryFolder cache = new();
        using TestProject first = Chain(cache.Location);
        using TestProject second = Chain(cache.Location);
        _ = await first.BuildAsync();

        Assert.Equal("b:Restored c:Restored e:Restored", Outcomes(await second.BuildAsync()));
    }

    [Fact]
    public async Task Two_checkouts_that_build_at_once_share_the_cache()
    {
        using TemporaryFolder cache = new();
        TestProject[] projects = [.. Enumerable.Range(0, 6).Select(_ => Chain(cache.Location))];
        try
        {
            await Task.WhenAll(projects.Select(project => Task.Run(() => project.BuildAsync())));

            Assert.Single(projects.Select(project => project.Read("c")).Distinct());
            Assert.All(projects, project => Assert.Equal("1b\n", project.Read("b")));
        }
        finally
        {
            Array.ForEach(projects, project => project.Dispose());
        }
    }

    [Fact]
    public async Task Independent_actions_run_at_the_same_time()
    {
        using TestProject project = new();
        _ = project.Write("a", "");
        // Each waits for the other: one after the other they would never end.
        _ = project.Shell("l", "> l1; until [ -e r1 ]; do sleep 0.01; done; > l", ["a"], ["l"]);
        _ = project.Shell("r", "> r1; until [ -e l1 ]; do sleep 0.01; done; > r", ["a"], ["r"]);
        using CancellationTokenSource hangs = new(TimeSpan.FromMinutes(2));

        Assert.Equal("l:Ran r:Ran", Outcomes(await project.BuildAsync(cancelled: hangs.Token)));
    }

    [Fact]
    public async Task No_more_run_at_once_than_allowed()
    {
        using TestProject project = new();
        _ = project.Write("a", "");
        for (int i = 0; i < 8; i++)
        {
            // mkdir fails when another one holds it.
            _ = project.Shell($"x{i}", $"mkdir held && > x{i} && rmdir held", ["a"], [$"x{i}"]);
        }

        Dictionary<string, ActionReport> reports = await project.BuildAsync(parallelism: 1);

        Assert.All(reports.Values, report => Assert.Equal(ActionOutcome.Ran, report.Outcome));
    }

    [Fact]
    public async Task A_failure_stops_what_needs_it_and_the_next_build_is_right()
    {
        using TestProject project = Chain();
        _ = project.Write("a", "1");
        project.Replace(
            "b",
            action => action with { Arguments = ["-c", "echo half > b; echo no good >&2; exit 3"] }
        );

        Dictionary<string, ActionReport> reports = await project.BuildAsync();

        Assert.Equal(ActionOutcome.Failed, reports["b"].Outcome);
        Assert.Equal("sh failed:\nno good", reports["b"].FailureText);
        Assert.False(reports.ContainsKey("c"));
        Assert.False(File.Exists(project["c"]));

        project.Replace("b", action => action with { Arguments = ["-c", "cp a b"] });
        Assert.Equal(ActionOutcome.Ran, (await project.BuildAsync())["c"].Outcome);
        Assert.Equal("1", project.Read("b"));
    }

    [Fact]
    public async Task A_half_written_output_of_an_action_that_failed_is_not_taken_for_good()
    {
        using TestProject project = Chain();
        _ = await project.BuildAsync();
        _ = project.Write("a", "2");
        project.Replace(
            "b",
            action =>
                action with
                {
                    Arguments = ["-c", "test ! -e fail || { echo half > b; exit 1; }; cp a b"],
                }
        );
        _ = project.Write("fail", "");
        _ = await project.BuildAsync();
        Assert.Equal("half\n", project.Read("b"));
        File.Delete(project["fail"]);

        Assert.Equal(ActionOutcome.Ran, (await project.BuildAsync())["b"].Outcome);
        Assert.Equal("2", project.Read("b"));
    }

    [Fact]
    public async Task Stopping_kills_programs_with_all_that_they_started()
    {
        using TestProject project = new();
        _ = project.Write("a", "");
        _ = project.Shell(
            "slow",
            "sleep 1000 & echo $! > child.new; mv child.new child; wait; > slow",
            ["a"],
            ["slow"]
        );
        using CancellationTokenSource stop = new();
        Task build = project.BuildAsync(cancelled: stop.Token);
        using CancellationTokenSource hangs = new(TimeSpan.FromMinutes(1));
        while (!File.Exists(project["child"]))
        {
            await Task.Delay(10, hangs.Token);
        }

        await stop.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        int child = int.Parse(project.Read("child"), CultureInfo.InvariantCulture);
        while (IsAlive(child))
        {
            await Task.Delay(10, hangs.Token);
        }

        Assert.False(File.Exists(project["slow"]));
        project.Replace("slow", action => action with { Arguments = ["-c", "> slow"] });
        Assert.Equal("slow:Ran", Outcomes(await project.BuildAsync()));
    }

    private static bool IsAlive(int process)
    {
        try
        {
            // A dead one that nobody has waited for is a zombie: state Z.
            string state = File.ReadAllText($"/proc/{process}/stat");
            return state[(state.LastIndexOf(')') + 2)..][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named_with_what_to_install()
    {
        using TestProject project = Chain();
        project.Replace(
            "e",
            action =>
                action with
                {
                    Program = "no-such-clang",
                    Package = "clang",
                    ErrorCode = "MORGANA020",
                }
        );

        BuildException error = await Assert.ThrowsAsync<BuildException>(() => project.BuildAsync());

        Assert.Equal("MORGANA020", error.Code);
        Assert.Contains("no-such-clang is not there", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install clang", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_a_program_did_not_make_is_an_error()
    {
        using TestProject project = Chain();
        project.Replace("e", action => action with { Arguments = ["-c", "true"] });

        BuildException error = await Assert.ThrowsAsync<BuildException>(() => project.BuildAsync());

        Assert.Contains("made no e", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_a_context_needs_is_built_for_it()
    {
        using TestProject project = Chain();
        project.Replace("e", action => action with { Contexts = ["two"] });

        Assert.Equal(
            "b:Ran c:Ran",
            Outcomes(await project.BuildAsync(contexts: new HashSet<string> { "one" }))
        );
    }

    [Fact]
    public async Task What_a_compiler_says_it_has_read_counts_as_input()
    {
        using TemporaryFolder cache = new();
        using TestProject project = new() { CacheFolder = cache.Location };
        Declare(project);
        _ = await project.BuildAsync();
        Assert.Equal("o:Current", Outcomes(await project.BuildAsync()));
        _ = project.Write("my header.h", "3");

        Dictionary<string, ActionReport> reports = await project.BuildAsync();

        Assert.Equal("o:Ran", Outcomes(reports));
        Assert.Equal("my header.h changed", reports["o"].Reason);

        // Elsewhere nothing is known about headers but what the cache tells.
        using TestProject other = new() { CacheFolder = cache.Location };
        Declare(other);
        Assert.Equal("o:Restored", Outcomes(await other.BuildAsync()));
        Assert.Equal("12", other.Read("o"));
        _ = other.Write("my header.h", "4");
        Assert.Equal("o:Ran", Outcomes(await other.BuildAsync()));
        Assert.Equal("14", other.Read("o"));

        static void Declare(TestProject project)
        {
            _ = project.Write("c", "1");
            _ = project.Write("my header.h", "2");
            _ = project.Shell(
                "o",
                "cat c 'my header.h' > o; printf 'o: c my\\\\ header.h\\n' > o.d",
                ["c"],
                ["o"],
                "o.d"
            );
        }
    }

    [Fact]
    public async Task A_lock_lets_one_build_at_a_time_work_in_a_folder()
    {
        using TemporaryFolder folder = new();
        BuildLock first = await BuildLock.TakeAsync(folder.Location, () => { }, default);
        TaskCompletionSource waits = new();
        Task<BuildLock> second = BuildLock.TakeAsync(folder.Location, waits.SetResult, default);
        await waits.Task;
        Assert.False(second.IsCompleted);

        first.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task A_full_disk_is_told_with_the_file_and_the_old_image_stays()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
            "Mounting a small file system takes root."
        );
        using TestProject project = new();
        _ = Directory.CreateDirectory(project["dist"]);
        using Process mount = Process.Start(
            "mount",
            ["-t", "tmpfs", "-o", "size=64k", "tmpfs", project["dist"]]
        );
        await mount.WaitForExitAsync();
        Assert.SkipWhen(mount.ExitCode != 0, "This system lets nobody mount a tmpfs here.");
        try
        {
            _ = project.Write("image", "old");
            project.Actions.Add(
                new BuildAction
                {
                    Id = "promote",
                    Kind = ActionKind.Copy,
                    Contexts = ["one"],
                    Inputs = [project["image"]],
                    Outputs = [project["dist/image"]],
                }
            );
            _ = await project.BuildAsync();
            _ = project.Write("image", new string('x', 1 << 20));

            IOException error = await Assert.ThrowsAnyAsync<IOException>(() =>
                project.BuildAsync()
            );

            Assert.Contains(project["dist/image"], error.Message, StringComparison.Ordinal);
            Assert.Equal("old", project.Read("dist/image"));
            Assert.Equal(["image"], Directory.GetFiles(project["dist"]).Select(Path.GetFileName));
        }
        finally
        {
            using Process unmount = Process.Start("umount", [project["dist"]]);
            await unmount.WaitForExitAsync();
        }
    }
}
