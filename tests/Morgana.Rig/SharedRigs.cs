using Morgana.Rig.Guest;

namespace Morgana.Rig;

/// <summary>
/// The rigs of a whole test run, one for each architecture: booted when the first test asks, booted again when the one before has
/// died, ended with the run. An assembly fixture of xunit: <c>[assembly: AssemblyFixture(typeof(SharedRigs))]</c>, and test classes
/// take it in their constructor.
/// </summary>
public sealed class SharedRigs : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly Dictionary<RigArchitecture, Rig> rigs = [];

    /// <summary>The rig of an architecture.</summary>
    /// <exception cref="RigException">It does not come up; the message says why.</exception>
    public async Task<Rig> GetAsync(RigArchitecture architecture)
    {
        await turn.WaitAsync();
        try
        {
            if (rigs.TryGetValue(architecture, out Rig? rig))
            {
                if (rig.IsAlive)
                {
                    return rig;
                }

                // The test in which it died has told so, with its console.
                _ = rigs.Remove(architecture);
                await rig.DisposeAsync();
            }

            rig = await Rig.StartAsync(architecture);
            rigs.Add(architecture, rig);
            return rig;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Rig rig in rigs.Values)
        {
            await rig.DisposeAsync();
        }

        turn.Dispose();
    }
}
