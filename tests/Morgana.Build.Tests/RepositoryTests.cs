using Morgana.Build.Observation;

namespace Morgana.Build.Tests;

public sealed class RepositoryTests
{
    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/a/b", "/a/", true)]
    [InlineData("/a", "/a", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a", "/", true)]
    [InlineData("/", "/", true)]
    public void What_is_below_a_folder_is_in_it(string path, string folder, bool expected) =>
        Assert.Equal(expected, Repository.IsIn(path, folder));

    /// <summary>Once an endless loop: nothing counted as below the root.</summary>
    [Fact]
    public void Folders_that_have_only_the_root_in_common_are_looked_through_each_for_itself() =>
        Assert.Equal(
            ["/nowhere/app", "/other/library"],
            Repository.Folders("/nowhere/app", ["/other/library", "/nowhere/app/below"])
        );
}
