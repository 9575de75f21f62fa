using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Projects;

/// <summary>A unikernel among other projects: who makes its image, and who only uses its assembly.</summary>
public sealed class SolutionTests(SolutionRepository solution) : IClassFixture<SolutionRepository>
{
    [Fact]
    public async Task Dotnet_test_of_a_project_that_refers_to_a_unikernel_runs_its_logic_and_once_made_its_image_each_time()
    {
        solution.RemoveImages();
        ProcessResult tested = await solution.Repository.DotnetAsync(
            ".",
            "test",
            "--project",
            "tests/Tests.csproj"
        );
        Assert.Contains("succeeded: 1", tested.Output, StringComparison.Ordinal);
        Assert.Empty(solution.Repository.Images("app"));
    }

    [Theory]
    [InlineData("all.slnx", "lib 42")]
    [InlineData("app.slnf", "lib 42")]
    [InlineData("app/app.csproj", "lib 42")]
    public async Task Dotnet_build_makes_the_image_of_a_unikernel_that_it_was_asked_for(
        string what,
        string line
    )
    {
        solution.RemoveImages();
        _ = await solution.Repository.DotnetAsync(".", "build", what);
        Assert.Equal(["app"], solution.Repository.Images("app"));
        string[] lines = await solution.Repository.PrintsAsync("app/dist/app");
        Assert.Equal(line, lines[0]);
        // A solution builds all in one configuration, which for dotnet build is Debug.
        Assert.Equal(what.EndsWith(".csproj", StringComparison.Ordinal) ? 1 : 2, lines.Length);
    }

    /// <summary>MSBuild does not tell projects of a filter: without the property the image is made for the test project's sake.</summary>
    [Fact]
    public async Task A_filter_that_leaves_the_unikernel_out_makes_no_image_when_it_is_told_so()
    {
        solution.RemoveImages();
        _ = await solution.Repository.DotnetAsync(
            ".",
            "build",
            "tests.slnf",
            "-p:MorganaImages=false"
        );
        Assert.Empty(solution.Repository.Images("app"));
    }

    [Fact]
    public async Task A_configuration_that_was_asked_for_is_that_of_the_image()
    {
        solution.RemoveImages();
        _ = await solution.Repository.DotnetAsync("app", "build", "-c", "Debug");
        Assert.Equal(["lib 42", "debug"], await solution.Repository.PrintsAsync("app/dist/app"));
    }

    [Theory]
    [InlineData("-p:DesignTimeBuild=true")]
    [InlineData("-t:Compile")]
    public async Task A_build_of_an_editor_makes_no_image(string option)
    {
        solution.RemoveImages();
        _ = await solution.Repository.DotnetAsync("app", "build", option);
        Assert.Empty(solution.Repository.Images("app"));
    }
}
