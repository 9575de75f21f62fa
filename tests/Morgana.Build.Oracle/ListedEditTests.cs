using Morgana.Build.Oracle.Tool;

namespace Morgana.Build.Oracle;

/// <summary>Ordinary edits of a small repository, one by one: f86f0ce answered "unchanged" to each, and the old image stayed.</summary>
public sealed class ListedEditTests
{
    [Fact(Explicit = true)]
    public async Task Each_edit_is_in_the_image_and_taken_back_gives_the_image_of_before()
    {
        using ProjectsTree tree = new();
        string? first = await tree.BuildAsync();
        Assert.True(first is not null, tree.Failure);

        // Each edit alone, so that none hides behind another.
        foreach (
            string path in (string[])
                [
                    "app/Words.resx",
                    "app/template.txt",
                    "deep.props",
                    "VERSION",
                    "gen/Gen.cs",
                    "lib/artifacts/n.cs",
                    "lib/src/bin/p.cs",
                    "lib/data/dist/.well-known/w",
                    "linked/k2.cs",
                    "shared/deep/r~",
                    "app/files/dist/v",
                    "step/Program.cs",
                    "app/inc1/s.h",
                ]
        )
        {
            string? before = File.Exists(tree[path])
                ? await File.ReadAllTextAsync(tree[path])
                : null;
            tree.Write(path, tree.Content(path, "edited", broken: false));
            // As cp -p, mv, tar and rsync -t leave it: older than what was made of the one before.
            File.SetLastWriteTimeUtc(tree[path], new DateTime(2001, 1, 1));
            string? edited = await tree.BuildAsync();
            Assert.True(edited is not null, tree.Failure);
            Assert.True(first != edited, $"An edit of {path} is not in the image.");
            if (before is null)
            {
                File.Delete(tree[path]);
            }
            else
            {
                tree.Write(path, before);
            }
        }

        Assert.Equal(first, await tree.BuildAsync());
        Environment.SetEnvironmentVariable(tree.Variable, "edited");
        string? variable = await tree.BuildAsync();
        Assert.NotEqual(first, variable);
        Assert.Equal(await tree.BuildCleanAsync(), variable);
        Environment.SetEnvironmentVariable(tree.Variable, null);
    }
}
