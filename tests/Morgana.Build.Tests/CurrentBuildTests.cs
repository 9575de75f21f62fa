using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;

namespace Morgana.Build.Tests;

public sealed class CurrentBuildTests : IDisposable
{
    private const string Owner = "1.0";
    private readonly TestProject project = new();

    public void Dispose() => project.Dispose();

    private string State => project["obj/morgana"];

    private IReadOnlyList<CurrentImage>? Find(string owner = Owner) =>
        CurrentBuild.Find(State, owner);

    private async Task BuildAsync()
    {
        _ = project.Write("a", "1");
        _ = project.Write("tree/b.cs", "1");
        _ = project.Write("other", "1");
        _ = project.Shell("one", "cp a dist/one; cp a obj/one", ["a"], ["dist/one", "obj/one"]);
        _ = await project.BuildAsync();
        SourceTree tree = new()
        {
            Folder = project["tree"],
            Endings = [".cs"],
            Contents = true,
        };
        FileHashes hashes = new(State);
        CurrentBuild.Note(
            project.Plan() with
            {
                Evaluation = Evaluation.Take([project["absent.props"]], [tree], hashes),
            },
            Owner,
            [project["other"]],
            hashes
        );
    }

    [Fact]
    public async Task Nothing_changed()
    {
        await BuildAsync();

        CurrentImage image = Assert.Single(Find()!);
        Assert.Equal(("one", project["dist/one"], 1), (image.Context, image.Path, image.Size));
        Assert.NotNull(Find());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("dist/one")]
    [InlineData("tree/b.cs")]
    [InlineData("other")]
    [InlineData("absent.props")]
    [InlineData("tree/sub/new.cs")]
    public async Task A_change_is_seen_and_taken_back_is_forgotten(string file)
    {
        await BuildAsync();
        bool there = File.Exists(project[file]);
        _ = project.Write(file, "2");
        Assert.Null(Find());

        if (there)
        {
            _ = project.Write(file, "1");
        }
        else
        {
            File.Delete(project[file]);
        }

        Assert.NotNull(Find());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("dist/one")]
    [InlineData("tree/b.cs")]
    public async Task A_file_that_is_gone_is_seen(string file)
    {
        await BuildAsync();
        File.Delete(project[file]);

        Assert.Null(Find());
    }

    [Fact]
    public async Task Another_tool_looks_for_itself()
    {
        await BuildAsync();

        Assert.Null(Find("1.1"));
    }

    [Fact]
    public async Task A_note_that_is_cut_off_is_no_answer()
    {
        await BuildAsync();
        string path = Path.Combine(State, "current");
        string whole = File.ReadAllText(path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllText(path, whole[..length]);
            Assert.Null(Find());
        }
    }
}
