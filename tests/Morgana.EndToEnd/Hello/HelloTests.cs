using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Hello;

/// <summary>The smallest image, in the real tender.</summary>
public sealed class HelloTests
{
    private static string Image => Repository.Image("unikernels/hello", "hello");

    [Fact]
    public async Task It_prints_its_line_and_ends_well()
    {
        ProcessResult result = await Unikernel.RunAsync(Image);
        Assert.Contains("Hello from Morgana\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task Morgana_run_adds_nothing_to_what_the_image_prints()
    {
        ProcessResult direct = await Unikernel.RunAsync(Image);
        ProcessResult run = await RunningProcess.RunAsync(
            Repository.MorganaTool,
            ["run", "--tender", Repository.Tender, "--mem", "64", "--image", Image]
        );
        Assert.Equal(0, run.Code);
        Assert.Equal(direct.Output, run.Output);
    }

    [Fact]
    public void The_image_is_small() => Assert.InRange(new FileInfo(Image).Length, 1, 1_300_000);
}
