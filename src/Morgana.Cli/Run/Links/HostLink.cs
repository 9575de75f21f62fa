namespace Morgana.Cli.Run.Links;

/// <summary>
/// The host's end of the pair of interfaces that leads into a private namespace. The kernel removes it with the
/// namespace, but some time later: an orderly end removes it at once.
/// </summary>
internal sealed class HostLink(int index) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => NetworkInterfaces.Remove(index);
}
