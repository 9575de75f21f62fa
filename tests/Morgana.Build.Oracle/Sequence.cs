namespace Morgana.Build.Oracle;

/// <summary>Edits and builds by a seed, each build compared with a clean one.</summary>
internal static class Sequence
{
    /// <summary>The first difference and all that led to it; null when there is none.</summary>
    public static async Task<string?> DifferenceAsync(EditedTree world, int seed, int steps)
    {
        Random random = new(seed);
        Edits edits = new(world, random);
        List<string> done = [];
        if (await world.BuildAsync() is null)
        {
            // Else two trees that never build would be equal to the end.
            return $"the tree does not build before any edit:\n{world.Failure}";
        }

        for (int step = 0; step < steps; step++)
        {
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                done.Add(edits.One());
            }

            // Every third build is interfered with: an edit is saved somewhere in it, or the tool is killed there.
            int at = random.Next(3) == 0 ? random.Next(40) : -1;
            bool kill = random.Next(3) == 0;
            bool edited = false;
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

                edited = true;
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
            if (built != clean && edited && world.IsAlive)
            {
                built = await world.BuildAsync();
            }

            if (built != clean)
            {
                return $"{built ?? "fails"} in place of {clean ?? world.Failure} after\n  {string.Join("\n  ", done)}";
            }

            done.Add("--");
        }

        return null;
    }
}
