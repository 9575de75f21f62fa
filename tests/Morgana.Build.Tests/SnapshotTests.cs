using Morgana.Build.Hashing;
using Morgana.Build.Observation;

namespace Morgana.Build.Tests;

/// <summary>What changed since a snapshot, and the note that keeps one.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SnapshotTests()
    {
        _ = folder.Write("tree/a.cs", "1");
        _ = folder.Write("tree/sub/b.txt", "1");
        _ = folder.Write("tree/state/own", "1");
        _ = folder.Write("outside/c", "1");
    }

    public void Dispose() => folder.Dispose();

    private Snapshot Take(bool everywhere = false)
    {
        Snapshot snapshot = new([folder["tree/state"]], everywhere);
        FileHashes hashes = new(folder["hashes"]);
        _ = snapshot.AddFolder(folder["tree"]);
        _ = snapshot.AddFile(folder["outside/c"], hashes);
        _ = snapshot.AddFile(folder["outside/absent"], hashes);
        return snapshot;
    }

    private string Changes(Snapshot snapshot) =>
        string.Join(
            "; ",
            snapshot
                .Changes()
                .Select(change =>
                    change.ToString().Replace(folder.Location + "/", "", StringComparison.Ordinal)
                )
        );

    [Theory]
    [InlineData("tree/a.cs", "tree/a.cs changed")]
    [InlineData("tree/sub/b.txt", "tree/sub/b.txt changed")]
    [InlineData("tree/new", "tree/new is new")]
    [InlineData("tree/sub/x~", "tree/sub/x~ is new")]
    [InlineData("tree/.well-known/x", "tree/.well-known is new")]
    [InlineData("tree/bin/x", "tree/bin is new")]
    [InlineData("tree/obj/x", "tree/obj is new")]
    [InlineData("tree/dist/x", "tree/dist is new")]
    [InlineData("tree/artifacts/x", "tree/artifacts is new")]
    [InlineData("tree/node_modules/x", "tree/node_modules is new")]
    [InlineData("outside/c", "outside/c changed")]
    [InlineData("outside/absent", "outside/absent is new")]
    [InlineData("tree/state/new", "")]
    [InlineData("outside/new", "")]
    public void A_file_that_is_written_is_seen_whatever_its_folder_is_called(
        string path,
        string expected
    )
    {
        Snapshot snapshot = Take();
        Assert.Equal("", Changes(snapshot));

        _ = folder.Write(path, "2");

        Assert.Equal(expected, Changes(snapshot));
    }

    [Theory]
    [InlineData("tree/a.cs")]
    [InlineData("tree/sub/b.txt")]
    [InlineData("outside/c")]
    public void A_file_that_is_gone_is_seen(string path)
    {
        Snapshot snapshot = Take();
        File.Delete(folder[path]);

        Assert.Equal($"{path} is gone", Changes(snapshot));
    }

    [Fact]
    public void A_content_with_an_old_time_is_seen_as_cp_and_tar_and_rsync_leave_it()
    {
        DateTime time = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(folder["tree/a.cs"], time);
        Snapshot snapshot = Take();

        _ = folder.Write("tree/a.cs", "2");
        File.SetLastWriteTimeUtc(folder["tree/a.cs"], time);

        Assert.Equal("tree/a.cs changed", Changes(snapshot));
    }

    [Fact]
    public void Folders_that_were_swapped_are_seen()
    {
        _ = folder.Write("tree/other/b.txt", "2");
        Snapshot snapshot = Take();
        Directory.Move(folder["tree/sub"], folder["aside"]);
        Directory.Move(folder["tree/other"], folder["tree/sub"]);
        Directory.Move(folder["aside"], folder["tree/other"]);

        Assert.NotEqual("", Changes(snapshot));
    }

    [Fact]
    public void What_other_projects_of_the_repository_make_is_passed_over_unless_the_project_speaks_of_it()
    {
        foreach (bool everywhere in (bool[])[false, true])
        {
            using SnapshotTests test = new();
            _ = test.folder.Write("tree/lib/obj/project.assets.json", "{}");
            _ = test.folder.Write("tree/lib/bin/lib.dll", "1");
            _ = test.folder.Write("tree/tagged/CACHEDIR.TAG", "");
            Snapshot snapshot = test.Take(everywhere);
            _ = test.folder.Write("tree/lib/bin/lib.dll", "2");
            _ = test.folder.Write("tree/lib/obj/new", "2");
            _ = test.folder.Write("tree/tagged/new", "2");

            Assert.Equal(everywhere, snapshot.Changes().Count > 0);
        }
    }

    [Fact]
    public void Links_are_followed_and_a_link_to_a_folder_above_ends()
    {
        _ = Directory.CreateSymbolicLink(folder["tree/sub/up"], folder["tree"]);
        _ = Directory.CreateSymbolicLink(folder["tree/to"], folder["outside"]);
        _ = File.CreateSymbolicLink(folder["tree/file"], folder["outside/c"]);
        _ = File.CreateSymbolicLink(folder["tree/nowhere"], folder["later"]);
        Snapshot snapshot = Take();
        Assert.Equal("", Changes(snapshot));

        _ = folder.Write("outside/new", "through a link");
        Assert.Equal("tree/to/new is new", Changes(snapshot));
        File.Delete(folder["outside/new"]);
        Assert.Equal("", Changes(snapshot));

        _ = folder.Write("later", "the link leads somewhere now");
        Assert.Equal("tree/nowhere changed", Changes(snapshot));
    }

    [Fact]
    public void A_file_that_is_only_touched_has_not_changed_when_its_content_is_known()
    {
        Snapshot snapshot = Take();
        File.SetLastWriteTimeUtc(folder["outside/c"], DateTime.UtcNow.AddDays(-1));

        Assert.Equal("", Changes(snapshot));
        Assert.True(snapshot.Renewed);
    }

    [Fact]
    public void What_the_build_made_is_no_change_unless_it_is_another_content()
    {
        Snapshot snapshot = Take();
        string made = folder.Write("tree/made/x", "made");
        Assert.Empty(snapshot.Changes(new HashSet<string> { made }));
        FileHashes hashes = new(folder["hashes"]);
        snapshot.AddMade(made, hashes.Of(made), hashes);
        Assert.Equal("", Changes(snapshot));

        _ = folder.Write("tree/made/x", "else");

        Assert.Equal("tree/made/x changed", Changes(snapshot));
    }

    [Fact]
    public void A_note_is_of_one_place_one_owner_and_whole()
    {
        _ = folder.Write("tree/a name\nof two \\ lines", "1");
        _ = File.CreateSymbolicLink(folder["tree/link"], "sub");
        BuildNote note = new()
        {
            Place = folder["tree"],
            Owner = "1.0",
            Plan = "00",
            Variables = ["A=1", "B=two\nlines"],
            Images = [new CurrentImage("spt-x64", folder["tree/dist/a b.spt"], 7)],
            Snapshot = Take(),
            Written = [folder["tree/gen.cs"]],
        };
        note.Write(folder["state"]);
        Assert.Null(Find());
        _ = Directory.CreateDirectory(folder["state"]);
        note.Write(folder["state"]);

        BuildNote read = Find()!;
        Assert.Equal(note.Variables, read.Variables);
        Assert.Equal(note.Images, read.Images);
        Assert.Equal(note.Written, read.Written);
        Assert.Equal("", Changes(read.Snapshot));
        // A copy of the folder, and another version of the tool.
        Assert.Null(BuildNote.Find(folder["state"], folder["copy"], "1.0"));
        Assert.Null(BuildNote.Find(folder["state"], folder["tree"], "1.1"));

        string path = folder["state/note"];
        string whole = File.ReadAllText(path);
        for (int length = 0; length < whole.Length; length += 3)
        {
            File.WriteAllText(path, whole[..length]);
            Assert.Null(Find());
        }

        BuildNote? Find() => BuildNote.Find(folder["state"], folder["tree"], "1.0");
    }

    [Fact]
    public void The_tree_is_the_repository_or_what_all_folders_are_in()
    {
        string[] app = [folder["r/app"]];
        _ = Directory.CreateDirectory(folder["r/app"]);
        Assert.Equal([folder["r"]], Repository.Folders(app[0], [folder["r/lib"]]));
        Assert.Equal(app, Repository.Folders(app[0], [folder["r/app/below"]]));

        _ = Directory.CreateDirectory(folder["r/.git"]);
        Assert.Equal(folder["r"], Repository.RootOf(app[0]));
        Assert.Equal(
            [folder["other/lib"], folder["r"]],
            Repository.Folders(folder["r"], [folder["other/lib"], folder["r/app"]])
        );
    }
}
