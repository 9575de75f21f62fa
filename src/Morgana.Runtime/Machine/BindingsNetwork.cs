namespace Morgana.Runtime;

/// <summary>A network device of the tender's.</summary>
internal sealed unsafe class BindingsNetwork(
    string name,
    ulong handle,
    MacAddress hardwareAddress,
    int mtu,
    MainLoop loop
) : INetwork
{
    public string Name => name;

    public MacAddress HardwareAddress => hardwareAddress;

    public int Mtu => mtu;

    public bool TryReceive(Span<byte> buffer, out int length)
    {
        nuint size = 0;
        fixed (byte* frame = buffer)
        {
            bool received =
                Bindings.NetRead(handle, frame, (nuint)buffer.Length, &size) == Solo5Result.Ok;
            length = received ? (int)size : 0;
            return received;
        }
    }

    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        fixed (byte* bytes = frame)
        {
            return Bindings.NetWrite(handle, bytes, (nuint)frame.Length) == Solo5Result.Ok;
        }
    }

    public void OnReceivable(Action receiver) => loop.OnReady(handle, receiver);
}
