using Morgana.Build.CSharp;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;

namespace Morgana.Build.Tests;

public sealed class CompilerCallTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CompilerCallTests()
    {
        foreach (string place in (string[])["one", "two"])
        {
            _ = folder.Write(place + "/a.cs", "a");
            _ = folder.Write(place + "/x.res", "r");
            _ = folder.Write(place + "/x.config", "c");
            _ = folder.Write(place + "/ref.dll", "dll");
        }

        _ = folder.Write("sdk/10/Roslyn/bincore/csc.dll", "csc");
    }

    public void Dispose() => folder.Dispose();

    private BuildAction? Action(string place, params string[] more) =>
        CompilerCall.Action(
            [
                "/out:obj/x.dll",
                "/debug:portable",
                "/reference:" + folder[place + "/ref.dll"],
                "/resource:x.res,name",
                "/analyzerconfig:x.config",
                "a.cs",
                .. more,
            ],
            folder["sdk/10/Roslyn/bincore/csc.dll"],
            "dotnet",
            shared: true,
            folder[place],
            folder[place + "/state"],
            folder["packages"]
        );

    private string Key(BuildAction action) =>
        ActionKey
            .Of(
                action,
                "",
                new FileHashes(folder["hashes"]),
                new PathNames(new Dictionary<string, string>())
            )
            .Key;

    [Fact]
    public void Sources_are_the_compilers_alone_and_references_are_not()
    {
        BuildAction action = Action("one")!;

        Assert.Equal(
            [folder["one/x.res"], folder["one/x.config"], folder["one/a.cs"]],
            action.Direct
        );
        Assert.Contains(folder["one/ref.dll"], action.Inputs);
        Assert.Equal([folder["one/obj/x.dll"], folder["one/obj/x.pdb"]], action.Outputs);
    }

    [Fact]
    public void Another_checkout_shares_what_is_mapped_and_nothing_that_may_name_its_place()
    {
        // [CallerFilePath] of the other checkout would be in it.
        Assert.NotEqual(Key(Action("one")!), Key(Action("two")!));
        Assert.Equal(
            Key(Action("one", $"/pathmap:{folder["one"]}/=/_/")!),
            Key(Action("two", $"/pathmap:{folder["two"]}/=/_/")!)
        );
        Assert.NotEqual(
            Key(Action("one", $"/pathmap:{folder["one"]}/=/_/")!),
            Key(Action("two", $"/pathmap:{folder["two"]}/=/mine/")!)
        );
    }

    [Theory]
    [InlineData("/errorlog:log.sarif")]
    [InlineData("/generatedfilesout:generated")]
    public void What_the_engine_cannot_repeat_is_no_action(string option) =>
        Assert.Null(Action("one", option));

    [Fact]
    public void Response_files_are_read_as_the_compiler_reads_them() =>
        Assert.Equal(
            ["/a", "/r:\"b c\".dll", "d\\e", "\"f g\""],
            ResponseText.Split("/a  /r:\"b c\".dll\n# not me\n\td\\e \"f g\"\r\n")
        );

    [Fact]
    public void Only_a_copy_without_doubt_leads_from_the_compiler_to_what_reads_it()
    {
        string state = folder["state"];
        string outputs = folder["state/msbuild"];
        BuildAction lib = Made("csc:lib", "lib/obj/lib.dll", "lib");
        BuildAction twin = Made("csc:twin", "twin/obj/lib.dll", "lib");
        BuildAction woven = Made("csc:woven", "woven/obj/woven.dll", "woven");
        _ = folder.Write("state/msbuild/woven/obj/woven.dll", "woven, and worked on afterwards");
        _ = folder.Write("state/msbuild/app/lib.dll", "lib");
        BuildPlan plan = new()
        {
            Name = "x",
            ProjectFolder = folder.Location,
            StateFolder = state,
            Roots = new Dictionary<string, string>(),
            Images = [new PlannedImage("one", "/i", "/l")],
            Actions =
            [
                new BuildAction
                {
                    Id = "ilc",
                    Kind = ActionKind.Managed,
                    Contexts = ["one"],
                    Inputs =
                    [
                        folder["state/msbuild/app/lib.dll"],
                        folder["state/msbuild/woven/obj/woven.dll"],
                    ],
                    Outputs = ["/l"],
                },
            ],
        };

        Assert.Equal("csc:lib copy:app/lib.dll ilc", Complete(lib, woven));
        // Two projects make a file of this name and content.
        Assert.Equal("ilc", Complete(lib, twin, woven));

        string Complete(params BuildAction[] compilers) =>
            string.Join(
                ' ',
                PlanCompletion
                    .Complete(plan, compilers, outputs, false, new FileHashes(state))
                    .Actions.Select(action => action.Id)
            );

        BuildAction Made(string id, string output, string content)
        {
            string path = folder.Write("state/msbuild/" + output, content);
            BuildAction action = new()
            {
                Id = id,
                Kind = ActionKind.CSharp,
                Contexts = [],
                Inputs = [],
                Outputs = [path],
            };
            new BuildRecords(state).Keep(
                action,
                new ActionRecord(
                    "key",
                    "",
                    [],
                    new Dictionary<string, string>(),
                    new Dictionary<string, string> { [path] = new FileHashes(state).Of(path) }
                )
            );
            return action;
        }
    }
}
