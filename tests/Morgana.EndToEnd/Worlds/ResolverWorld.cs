using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Worlds;

/// <summary>The small Internet with the resolver image running in it, for all tests of a class.</summary>
public sealed class ResolverWorld : IAsyncLifetime
{
    private RootWorld? world;
    private RunningProcess? resolver;

    internal RootWorld World =>
        world ?? throw new InvalidOperationException("The world is not built.");

    internal RunningProcess Resolver =>
        resolver ?? throw new InvalidOperationException("The resolver is not started.");

    public async ValueTask InitializeAsync()
    {
        string image = Repository.Image("unikernels/resolver", "resolver");
        world = await RootWorld.CreateAsync();
        try
        {
            resolver = Unikernel.Start(
                world.Space,
                RootWorld.Tap,
                image,
                $"--ipv4={RootWorld.ImageAddress}/24",
                $"--ipv4-gateway={RootWorld.Gateway}"
            );
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (resolver is not null)
        {
            await resolver.DisposeAsync();
        }

        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }

    /// <summary>Asks the resolver with dig; when it does not answer, what it printed is in the failure.</summary>
    internal async Task<DnsAnswer> AskAsync(string name, string type, params string[] more)
    {
        try
        {
            return await DnsClientProgram.DigAsync(
                World.Space,
                RootWorld.ImageAddress,
                name,
                type,
                more
            );
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Resolver}");
        }
    }
}
