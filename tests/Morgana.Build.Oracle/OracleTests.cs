using System.Globalization;
using Morgana.Build.Oracle.Engine;
using Morgana.Build.Oracle.Tool;
using Xunit.Sdk;

namespace Morgana.Build.Oracle;

/// <summary>
/// The rule, tested: after any sequence of edits, also during a build, also after a kill, a build gives what a clean build of the same tree gives, or both fail.
/// Variables say how many sequences there are at each depth: MORGANA_ORACLE_ENGINE (60, of ten edits), MORGANA_ORACLE_PROJECTS (1, of six,
/// only with --explicit on: minutes each); MORGANA_ORACLE_SEED says where the seeds begin.
/// </summary>
public sealed class OracleTests
{
    [Fact]
    public Task The_engine_with_an_evaluation_and_compilers_that_stand_in() =>
        CheckAsync(() => new StandInTree(), Number("MORGANA_ORACLE_ENGINE", 60), steps: 10);

    [Fact(Explicit = true)]
    public Task The_tool_with_MSBuild_and_the_C_sharp_compiler() =>
        CheckAsync(() => new ProjectsTree(), Number("MORGANA_ORACLE_PROJECTS", 1), steps: 6);

    private static async Task CheckAsync(Func<EditedTree> make, int sequences, int steps)
    {
        int first = Number("MORGANA_ORACLE_SEED", 1);
        for (int seed = first; seed < first + sequences; seed++)
        {
            if (await DifferenceAsync(seed, steps) is not { } difference)
            {
                continue;
            }

            // The shortest beginning of it that shows the difference.
            int least = 1;
            while (least < steps && await DifferenceAsync(seed, least) is null)
            {
                least++;
            }

            throw new XunitException(
                $"seed {seed}, {least} steps: {await DifferenceAsync(seed, least) ?? difference}"
            );
        }

        TestContext.Current.SendDiagnosticMessage($"{sequences} sequences from {first}");

        async Task<string?> DifferenceAsync(int seed, int length)
        {
            using EditedTree tree = make();
            return await Sequence.DifferenceAsync(tree, seed, length);
        }
    }

    private static int Number(string variable, int fallback) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int number
        )
            ? number
            : fallback;
}
