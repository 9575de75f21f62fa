using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Projects;

/// <summary>Where things lie: outputs that the user has moved, unikernels inside of unikernels, links, and images of before.</summary>
public sealed class PlaceTests
{
    [Theory]
    [InlineData("<UseArtifactsOutput>true</UseArtifactsOutput>")]
    [InlineData("<ArtifactsPath>$(MSBuildThisFileDirectory)out</ArtifactsPath>")]
    [InlineData(
        "<BaseIntermediateOutputPath>$(MSBuildThisFileDirectory)out/$(MSBuildProjectName)/</BaseIntermediateOutputPath>"
    )]
    public async Task Depends_finds_what_NuGet_decided_wherever_the_repository_keeps_it(
        string property
    )
    {
        using UserRepository repository = new("places");
        repository.Write(
            "Directory.Build.props",
            $"<Project><PropertyGroup>{property}</PropertyGroup></Project>"
        );
        repository.Unikernel("app", "app", "");
        await repository.PrepareAsync("app");
        _ = await repository.MorganaAsync("app", "depends", "--locked");
        _ = await repository.MorganaAsync("app", "contexts");
    }

    [Fact]
    public async Task Unikernels_of_which_one_lies_in_the_folder_of_the_other_are_two_programs()
    {
        using UserRepository repository = new("nested");
        repository.Unikernel("outer", "outer", "Say(\"outer\");");
        repository.Unikernel("outer/inner", "inner", "Say(\"inner\");");
        foreach (string folder in (string[])["outer/inner", "outer"])
        {
            await repository.PrepareAsync(folder);
            _ = await repository.MorganaAsync(folder, "build");
        }

        Assert.Equal(["inner"], await repository.PrintsAsync("outer/inner/dist/inner"));
        Assert.Equal(["outer"], await repository.PrintsAsync("outer/dist/outer"));
    }

    [Fact]
    public async Task A_link_to_the_checkout_is_the_checkout_and_images_of_an_earlier_configuration_go()
    {
        using UserRepository repository = new("link");
        repository.Unikernel("app", "app", "Say(\"linked\");");
        _ = Directory.CreateSymbolicLink(repository.PathOf("checkout"), Repository.Root);
        foreach (string file in (string[])["app/app.csproj", "app/config.cs"])
        {
            string text = await File.ReadAllTextAsync(
                repository.PathOf(file),
                TestContext.Current.CancellationToken
            );
            repository.Write(
                file,
                text.Replace(
                    Repository.Root,
                    repository.PathOf("checkout"),
                    StringComparison.Ordinal
                )
            );
        }

        await repository.PrepareAsync("app", "-t", "spt");
        _ = await repository.MorganaAsync("app", "build");
        Assert.Equal(["app.spt"], repository.Images("app"));
        repository.Write("app/dist/notes.txt", "of the user");
        await repository.PrepareAsync("app", "-t", "unix");
        _ = await repository.MorganaAsync("app", "build");
        Assert.Equal(["app", "notes.txt"], repository.Images("app"));
        Assert.Equal(["linked"], await repository.PrintsAsync("app/dist/app"));
    }

    [Theory]
    [InlineData("<TargetFrameworks>net10.0;net9.0</TargetFrameworks>", "net10.0;net9.0")]
    [InlineData("<TargetFramework>net9.0</TargetFramework>", "net9.0")]
    public async Task Other_frameworks_are_refused_where_the_first_was_once_taken_without_a_word(
        string property,
        string named
    )
    {
        using UserRepository repository = new("frameworks");
        repository.Unikernel("app", "app", "", $"<PropertyGroup>{property}</PropertyGroup>");
        _ = await repository.MorganaAsync("app", "configure", "-t", "unix");
        ProcessResult refused = await repository.TryMorganaAsync("app", "depends");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("MORGANA003", refused.Errors, StringComparison.Ordinal);
        Assert.Contains(named, refused.Errors, StringComparison.Ordinal);
    }
}
