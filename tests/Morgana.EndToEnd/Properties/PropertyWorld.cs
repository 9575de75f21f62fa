using Morgana.EndToEnd.Network;

namespace Morgana.EndToEnd.Properties;

/// <summary>A namespace with the other ends of the network devices that property programs have.</summary>
public sealed class PropertyWorld : IAsyncLifetime
{
    private NetworkNamespace? space;

    /// <summary>The namespace.</summary>
    internal NetworkNamespace Space => space!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        space = await NetworkNamespace.CreateAsync();
        await space.AddTapAsync("tap0", "10.0.0.1/24");
        await space.AddTapAsync("tap1", "10.0.1.1/24");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (space is not null)
        {
            await space.DisposeAsync();
        }
    }
}
