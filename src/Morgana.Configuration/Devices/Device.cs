using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>A device as a bare node: what applying a definition or choosing between two devices gives.</summary>
internal sealed class Device<T>(Node node) : IDevice<T>
{
    Node IDevice<T>.Node => node;
}
