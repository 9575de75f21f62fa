using System.Text;

namespace Morgana.EndToEnd.Projects;

/// <summary>Habits of ordinary .NET repositories, each a line of one image.</summary>
public sealed class HabitTests(OrdinaryRepository repository) : IClassFixture<OrdinaryRepository>
{
    [Theory]
    // A constant that Directory.Build.props defines, whose TargetFramework for the other projects does not count.
    [InlineData("props", "a constant")]
    // A source that a target of Directory.Build.targets writes.
    [InlineData("targets", "a target")]
    // A library with Windows line ends, which was once built as Debug into a release image.
    [InlineData("library", "release code")]
    // A library for several frameworks.
    [InlineData("many", "net10.0")]
    [InlineData("fsharp", "F#")]
    [InlineData("vb", "VB")]
    // Two libraries of one project name in different folders, on which configure once broke off.
    [InlineData("one", "the first")]
    [InlineData("two", "the second")]
    [InlineData("generated", "a generator")]
    // Of a feed in nuget.config, with a floating version in Directory.Packages.props.
    [InlineData("package", "a package")]
    [InlineData("linked", "a linked file")]
    [InlineData("embedded", "an embedded file")]
    [InlineData("resx", "a text")]
    // A key that nothing hangs on, which configure once refused.
    [InlineData("key", "hello")]
    // Once a CultureNotFoundException.
    [InlineData("culture", "en-US 1.5")]
    public void The_image_prints(string habit, string expected) =>
        Assert.Equal(expected, repository[habit]);

    [Fact]
    public void The_image_has_nothing_of_the_folder_that_it_was_built_in()
    {
        byte[] image = File.ReadAllBytes(repository.Repository.PathOf("app/dist/app"));
        Assert.Equal(-1, image.AsSpan().IndexOf(Encoding.UTF8.GetBytes("größe")));
        Assert.Equal(-1, image.AsSpan().IndexOf(Encoding.Unicode.GetBytes("größe")));
    }

    [Fact]
    public async Task An_analyzer_of_the_repository_speaks_in_the_build()
    {
        repository.Repository.Write("app/More.cs", "namespace User; internal static class More;");
        string said = (await repository.Repository.MorganaAsync("app", "build")).Errors;
        Assert.Contains("OWN001", said, StringComparison.Ordinal);
    }
}
