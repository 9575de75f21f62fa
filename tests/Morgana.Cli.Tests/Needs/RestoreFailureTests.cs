using Morgana.Cli.Needs.Locks;

namespace Morgana.Cli.Tests;

/// <summary>The sentences are NuGet's own, of the version that the .NET SDK 10.0.4 has.</summary>
public class RestoreFailureTests
{
    private const string Advice =
        "The packages lock file is inconsistent with the project dependencies so restore can't be run in locked mode. Disable the RestoreLockedMode MSBuild property or pass an explicit --force-evaluate option to run restore to update the lock file.";

    [Theory]
    [InlineData(
        "The package references have changed for net10.0. Lock file's package references: A.B:[3.0.0, ), project's package references: C.D >= 5.0.1, A.B >= 3.0.0.",
        "C.D (>= 5.0.1.) is needed and missing from the lock"
    )]
    [InlineData(
        "The package references have changed for net10.0. Lock file's package references: A.B:[3.0.0, ), project's package references: None.",
        "A.B ([3.0.0, )) is in the lock and no longer needed"
    )]
    [InlineData(
        "The package reference A.B version has changed from [3.0.0, ) to [2.0.0, ).",
        "A.B: the lock has [3.0.0, ), needed is [2.0.0, )"
    )]
    [InlineData("Something new to say.", "Something new to say.")]
    public void A_stale_lock_names_the_package_and_what_to_do(string sentence, string told)
    {
        CommandException e = RestoreFailure.Explain(
            [$"/u/hello.csproj : error NU1004: {sentence}{Advice} [/u/hello.csproj]"],
            "/u",
            "packages.hello.lock.json"
        )!;
        Assert.Equal(ExitCode.LockStale, e.ExitCode);
        Assert.StartsWith(
            "packages.hello.lock.json does not fit",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\n  " + told.Replace("1.)", "1)", StringComparison.Ordinal) + "\n",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("morgana depends brings", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("RestoreLockedMode", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replaced_package_is_named()
    {
        CommandException e = RestoreFailure.Explain(
            [
                "/u/hello.csproj : error NU1403: Package content hash validation failed for A.B.3.0.0. The package is different than the last restore.",
                "/u/hello.csproj : error NU1403: ",
            ],
            "/u",
            "packages.hello.lock.json"
        )!;
        Assert.Equal(ExitCode.LockStale, e.ExitCode);
        Assert.Contains(
            "\n  A.B.3.0.0: its content has another hash\n",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Packages_that_cannot_be_had_keep_NuGets_words()
    {
        CommandException e = RestoreFailure.Explain(
            [
                "/u/hello.csproj : error NU1102: Unable to find package A.B with version (>= 9.9.9)",
                "/u/hello.csproj : error NU1102:   - Found 10 version(s) in somewhere [ Nearest version: 3.0.0 ]",
            ],
            "/u",
            "packages.hello.lock.json"
        )!;
        Assert.Equal(ExitCode.Missing, e.ExitCode);
        Assert.Contains("A.B with version (>= 9.9.9)", e.Message, StringComparison.Ordinal);
        Assert.Contains("Nearest version: 3.0.0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_deep_in_the_graph_that_the_lock_lost_is_not_called_unfindable()
    {
        CommandException e = RestoreFailure.Explain(
            [
                "/u/hello.csproj : error NU1102: Unable to find package A.B with version (>= 10.0.0)",
                "/u/hello.csproj : error NU1102:   - Found 50 version(s) in somewhere [ Nearest version: 10.0.0 ]",
            ],
            "/u",
            "packages.hello.lock.json"
        )!;
        Assert.Equal(ExitCode.LockStale, e.ExitCode);
        Assert.Contains(
            "\n  A.B (>= 10.0.0) is needed and missing from the lock\n",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_unreachable_source_says_that_packages_on_the_machine_need_none() =>
        Assert.Contains(
            "cannot be reached",
            RestoreFailure
                .Explain(
                    [
                        "/u/hello.csproj : error NU1301: Unable to load the service index for source https://feed.example/index.json.",
                    ],
                    "/u",
                    "packages.hello.lock.json"
                )!
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Errors_of_others_are_not_its_business() =>
        Assert.Null(
            RestoreFailure.Explain(
                ["/u/Unikernel.cs(1,1): error CS1002: ; expected [/u/hello.csproj]"],
                "/u",
                "packages.hello.lock.json"
            )
        );
}
