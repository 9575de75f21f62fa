using Morgana.Build.Diagnostics;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Build.Stubs;
using Morgana.Workspace;

namespace Morgana.Build.Tests.Stubs;

public sealed class StubFailureTests
{
    private static BuildAction Action(
        string id,
        ActionKind kind,
        string[] inputs,
        string[] outputs,
        params string[] arguments
    ) =>
        new()
        {
            Id = id,
            Kind = kind,
            Contexts = ["spt-x64"],
            Arguments = arguments,
            Inputs = inputs,
            Outputs = outputs,
            ErrorCode = "MORGANA020",
        };

    private static IReadOnlyList<WorkspaceMistake> Explain(
        BuildAction action,
        string output,
        params BuildAction[] others
    ) =>
        FailedAction.Explain(
            new ActionReport(
                action,
                ActionOutcome.Failed,
                "",
                output,
                TimeSpan.Zero,
                TimeSpan.Zero
            ),
            new BuildPlan
            {
                Name = "it",
                ProjectFolder = "/p",
                StateFolder = "/p/obj",
                Roots = new Dictionary<string, string>(),
                Actions = [.. others, action],
                Images = [],
            }
        );

    [Fact]
    public void Errors_of_the_compiler_are_at_their_lines_and_a_header_that_is_missing_is_explained()
    {
        IReadOnlyList<WorkspaceMistake> mistakes = Explain(
            Action("stub:key:a b.c", ActionKind.Native, ["/p/a b.c"], ["/o/a.o"]),
            "/p/a b.c:3:10: fatal error: 'stdio.h' file not found\n#include <stdio.h>\n         ^~~~~~~~~\n/p/x.h:7:1: error: unknown type name 'u8'\n2 errors generated.\n"
        );
        Assert.Equal(
            [("/p/a b.c", 3), ("/p/x.h", 7)],
            mistakes.Select(mistake => (mistake.File, mistake.Line))
        );
        Assert.Contains("no C library", mistakes[0].Message, StringComparison.Ordinal);
        Assert.Equal("unknown type name 'u8'", mistakes[1].Message);
    }

    [Fact]
    public void A_function_that_nothing_defines_is_told_at_the_line_of_the_stub()
    {
        BuildAction check = Action(
            "stubs:spt-x64",
            ActionKind.Stubs,
            [],
            ["/o/checked"],
            ["x64", .. new StubFile("fast", "/p/fast.c", "/o/fast-c.o").ToArguments()]
        );
        WorkspaceMistake mistake = Assert.Single(
            Explain(
                Action("link:spt-x64", ActionKind.Link, ["/o/checked"], ["/o/image"]),
                "ld.lld: error: undefined symbol: fopen\n>>> referenced by fast.c:12\n>>>               /o/fast-c.o:(go)\n",
                check
            )
        );
        Assert.Equal(("MORGANA043", "/p/fast.c", 12), (mistake.Code, mistake.File, mistake.Line));
        Assert.Contains("It calls fopen", mistake.Message, StringComparison.Ordinal);
    }
}
