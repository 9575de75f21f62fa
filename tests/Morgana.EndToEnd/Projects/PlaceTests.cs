namespace Morgana.EndToEnd.Projects;

/// <summary>Where things lie: unikernels inside of unikernels.</summary>
public sealed class PlaceTests
{
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
}
