namespace Morgana.Runtime;

/// <summary>A network device that the program was not given, where it may do without.</summary>
internal sealed class AbsentNetwork(string name, string reason) : INetwork
{
    public string Name => name;

    public bool IsAttached => false;

    public MacAddress HardwareAddress => throw new HostException(reason);

    public int Mtu => throw new HostException(reason);

    public bool TryReceive(Span<byte> buffer, out int length) => throw new HostException(reason);

    public bool TrySend(ReadOnlySpan<byte> frame) => throw new HostException(reason);

    public void OnReceivable(Action receiver) => throw new HostException(reason);
}
