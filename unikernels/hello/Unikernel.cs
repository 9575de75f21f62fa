using Morgana.Runtime;

namespace Hello;

/// <summary>The smallest unikernel: one device, one line.</summary>
public sealed class HelloUnikernel(Stream console) : IUnikernel
{
    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        console.Write("Hello from Morgana\n"u8);
        return Task.FromResult(0);
    }
}
