using Morgana.Build.Execution;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;

namespace Morgana.Build.Tests;

/// <summary>Edits that are saved while an action reads: what it made is of no state of the sources.</summary>
public sealed class EditedWhileReadTests
{
    [Fact]
    public async Task An_input_that_changes_while_it_is_read_is_read_again_and_the_record_has_what_was_used()
    {
        using TemporaryFolder cache = new();
        using TestProject project = new() { CacheFolder = cache.Location };
        _ = project.Write("a", "old");
        // The first time it saves an edit of its own input after it has read it.
        _ = project.Shell("b", "cp a b; [ -e once ] || { > once; printf new > a; }", ["a"], ["b"]);

        Dictionary<string, ActionReport> first = await project.BuildAsync();

        Assert.Equal(ActionOutcome.Ran, first["b"].Outcome);
        Assert.Equal("new", project.Read("b"));
        Assert.Equal(ActionOutcome.Current, (await project.BuildAsync())["b"].Outcome);

        // Nothing was stored under the key of what the first run read or may have read.
        _ = project.Write("a", "old");
        Assert.Equal(ActionOutcome.Ran, (await project.BuildAsync())["b"].Outcome);
        Assert.Equal("old", project.Read("b"));
    }

    [Fact]
    public async Task An_edit_there_and_back_while_it_is_read_counts_as_one()
    {
        using TestProject project = new();
        _ = project.Write("a", "old");
        File.SetLastWriteTimeUtc(project["a"], DateTime.UtcNow.AddMinutes(-5));
        _ = project.Shell(
            "b",
            "[ -e once ] && { cp a b; exit; }; > once; printf new > a; cp a b; printf old > a; touch -d '5 minutes ago' a",
            ["a"],
            ["b"]
        );
        using CancellationTokenSource hangs = new(TimeSpan.FromMinutes(1));
        // A file that was changed just now has no stamp to be trusted; wait until its stamp counts.
        while (new Hashing.FileHashes(project["state"]).Observe(project["a"]).Stamp is null)
        {
            await Task.Delay(10, hangs.Token);
        }

        _ = await project.BuildAsync();

        Assert.Equal("old", project.Read("b"));
    }

    [Fact]
    public async Task An_input_that_never_keeps_still_is_an_error_and_no_endless_build()
    {
        using TestProject project = new();
        _ = project.Write("a", "0");
        _ = project.Shell("b", "cp a b; echo x >> a", ["a"], ["b"]);

        BuildException error = await Assert.ThrowsAsync<BuildException>(() => project.BuildAsync());

        Assert.Contains(
            "a was changed while b read it, 5 times",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_header_that_is_saved_while_the_compiler_runs_is_read_again()
    {
        using TestProject project = new();
        _ = project.Write("c", "1");
        _ = project.Write("h", "old");
        File.SetLastWriteTimeUtc(project["h"], DateTime.UtcNow.AddMinutes(-5));
        _ = project.Shell(
            "o",
            "cat c h > o; echo 'o: c h' > o.d; [ -e once ] || { > once; printf new > h; }",
            ["c"],
            ["o"],
            "o.d"
        );

        _ = await project.BuildAsync();

        Assert.Equal("1new", project.Read("o"));
        Assert.Equal(ActionOutcome.Current, (await project.BuildAsync())["o"].Outcome);
    }

    [Theory]
    [InlineData("first/x.h")]
    [InlineData("x.h")]
    public async Task A_header_that_comes_to_be_found_first_compiles_anew(string path)
    {
        using TestProject project = new();
        _ = project.Write("c.c", "1");
        _ = project.Write("second/x.h", "2");
        _ = Directory.CreateDirectory(project["first"]);
        _ = project.Shell(
            "o",
            "for h in x.h first/x.h second/x.h; do [ -e $h ] && break; done; cat c.c $h > o; echo \"o: c.c $h\" > o.d",
            ["c.c"],
            ["o"],
            "o.d"
        );
        project.Replace(
            "o",
            action =>
                action with
                {
                    Kind = ActionKind.Native,
                    Arguments =
                    [
                        .. action.Arguments,
                        "-I" + project["first"],
                        "-I",
                        project["second"],
                    ],
                }
        );
        _ = await project.BuildAsync();
        Assert.Equal(ActionOutcome.Current, (await project.BuildAsync())["o"].Outcome);

        _ = project.Write(path, "3");
        Dictionary<string, ActionReport> reports = await project.BuildAsync();

        Assert.Equal($"{path} is new", reports["o"].Reason);
        Assert.Equal("13", project.Read("o"));
    }

    [Fact]
    public async Task Programs_get_a_short_environment_and_those_of_the_project_have_it_in_their_key()
    {
        using TestProject project = new();
        _ = project.Write("a", "");
        _ = project.Shell("b", "env > b", ["a"], ["b"]);
        Environment.SetEnvironmentVariable("CPATH", "/nowhere");
        Environment.SetEnvironmentVariable("MORGANA_TEST_VARIABLE", "1");
        try
        {
            _ = await project.BuildAsync();
            string[] names =
            [
                .. File.ReadAllLines(project["b"]).Select(line => line.Split('=')[0]),
            ];
            Assert.DoesNotContain("CPATH", names);
            Assert.DoesNotContain("MORGANA_TEST_VARIABLE", names);
            Assert.Contains("PATH", names);
            Assert.Equal(ActionOutcome.Current, (await project.BuildAsync())["b"].Outcome);

            project.Replace("b", action => action with { Environment = ["OWN=1"] });
            Assert.Equal(ActionOutcome.Ran, (await project.BuildAsync())["b"].Outcome);
            Assert.Contains("OWN=1", File.ReadAllLines(project["b"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable("CPATH", null);
            Environment.SetEnvironmentVariable("MORGANA_TEST_VARIABLE", null);
        }
    }

    [Fact]
    public async Task A_lock_in_a_folder_that_cannot_be_written_fails_and_does_not_wait()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc cannot be written by anybody.");
        using CancellationTokenSource hangs = new(TimeSpan.FromMinutes(1));

        _ = await Assert.ThrowsAnyAsync<Exception>(() =>
            BuildLock.TakeAsync("/proc/self", () => Assert.Fail("waits"), hangs.Token)
        );

        Assert.False(hangs.IsCancellationRequested);
    }
}
