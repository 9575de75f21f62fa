namespace Morgana.Sdk.Tests;

public sealed class StampTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("morgana-stamp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Contents_count_and_times_do_not()
    {
        string input = Path.Combine(_folder, "input");
        string output = Path.Combine(_folder, "output");
        File.WriteAllText(input, "one");
        File.WriteAllText(output, "made");
        Stamp.Write(output, Stamp.Compute([input], "command"));

        File.SetLastWriteTimeUtc(input, DateTime.UnixEpoch);
        Assert.True(Stamp.IsCurrent(output, Stamp.Compute([input], "command")));

        File.WriteAllText(input, "two");
        Assert.False(Stamp.IsCurrent(output, Stamp.Compute([input], "command")));

        File.WriteAllText(input, "one");
        Assert.True(Stamp.IsCurrent(output, Stamp.Compute([input], "command")));
        Assert.False(Stamp.IsCurrent(output, Stamp.Compute([input], "another command")));
    }

    [Fact]
    public void Half_an_output_of_a_stopped_build_is_not_current_though_the_inputs_are_as_before()
    {
        string output = Path.Combine(_folder, "output");
        File.WriteAllText(output, "made");
        Stamp.Write(output, "inputs as before");
        Stamp.Forget(output);
        File.WriteAllText(output, "ma");
        Assert.False(Stamp.IsCurrent(output, "inputs as before"));
        Stamp.Forget(output);
    }

    [Fact]
    public void An_output_that_is_gone_is_not_current()
    {
        string output = Path.Combine(_folder, "output");
        Stamp.Write(output, "stamp");
        Assert.False(Stamp.IsCurrent(output, "stamp"));
    }
}
