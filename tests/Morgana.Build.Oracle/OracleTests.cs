using System.Globalization;
using Xunit.Sdk;

namespace Morgana.Build.Oracle;

/// <summary>
/// The rule, tested: after any sequence of edits, also during a build, also after a kill, a build gives what a clean build of the same tree gives, or both fail. MORGANA_ORACLE_SEQUENCES says
/// how many sequences of ten edits there are (60), MORGANA_ORACLE_SEED where the seeds begin.
/// </summary>
public sealed class OracleTests
{
    private const int Steps = 10;

    [Fact]
    public async Task A_build_gives_what_a_clean_build_of_the_same_tree_gives()
    {
        int sequences = Number("MORGANA_ORACLE_SEQUENCES", 60);
        int first = Number("MORGANA_ORACLE_SEED", 1);
        for (int seed = first; seed < first + sequences; seed++)
        {
            if (await DifferenceAsync(seed, Steps) is not { } difference)
            {
                continue;
            }

            // The shortest beginning of it that shows the difference.
            int steps = 1;
            while (steps < Steps && await DifferenceAsync(seed, steps) is null)
            {
                steps++;
            }

            throw new XunitException(
                $"seed {seed}, {steps} steps: {await DifferenceAsync(seed, steps) ?? difference}"
            );
        }

        TestContext.Current.SendDiagnosticMessage($"{sequences} sequences from {first}");
    }

    private static async Task<string?> DifferenceAsync(int seed, int steps)
    {
        using StandInWorld world = new();
        Random random = new(seed);
        Edits edits = new(world, random);
        List<string> done = [];
        _ = await world.BuildAsync();
        for (int step = 0; step < steps; step++)
        {
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                done.Add(edits.One());
            }

            // Every third build is interfered with: an edit is saved somewhere in it, or the tool is killed there.
            int at = random.Next(3) == 0 ? random.Next(40) : -1;
            bool kill = random.Next(3) == 0;
            world.Interfere = () =>
            {
                if (at-- != 0)
                {
                    return;
                }

                if (kill)
                {
                    done.Add("[killed]");
                    throw new KilledException();
                }

                done.Add($"[during the build: {edits.One(during: true)}]");
            };
            string? built;
            try
            {
                built = await world.BuildAsync();
            }
            catch (OperationCanceledException)
            {
                continue;
            }
            catch (BuildException e) when (e.Code == "MORGANA006")
            {
                // The tree did not keep still: an error is an honest answer.
                continue;
            }
            finally
            {
                world.Interfere = () => { };
            }

            string? clean = await world.BuildCleanAsync();
            if (built != clean)
            {
                return $"{built ?? "fails"} in place of {clean ?? world.Failure} after\n  {string.Join("\n  ", done)}";
            }

            done.Add("--");
        }

        return null;
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
