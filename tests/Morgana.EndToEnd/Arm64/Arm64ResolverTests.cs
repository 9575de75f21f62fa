using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Worlds;

namespace Morgana.EndToEnd.Arm64;

/// <summary>The arm64 resolver image, emulated, in the same small Internet as the x64 one.</summary>
public sealed class Arm64ResolverTests
{
    [Fact]
    public async Task It_resolves_from_the_root_and_denies_what_is_not_there()
    {
        await using RootWorld world = await RootWorld.CreateAsync();
        await using RunningProcess resolver = EmulatedUnikernel.Start(
            world.Space,
            RootWorld.Tap,
            "resolver",
            $"--ipv4={RootWorld.ImageAddress}/24",
            $"--ipv4-gateway={RootWorld.Gateway}"
        );
        DnsAnswer address = await AskAsync("www.example.com", "A");
        Assert.Equal(["203.0.113.80"], address.Data("A"));
        DnsAnswer missing = await AskAsync("nothing.example.com", "A");
        Assert.Equal("NXDOMAIN", missing.Status);

        async Task<DnsAnswer> AskAsync(string name, string type)
        {
            try
            {
                return await DnsClientProgram.DigAsync(
                    world.Space,
                    RootWorld.ImageAddress,
                    name,
                    type
                );
            }
            catch (TimeoutException exception)
            {
                throw new TimeoutException($"{exception.Message}\n{resolver}");
            }
        }
    }
}
