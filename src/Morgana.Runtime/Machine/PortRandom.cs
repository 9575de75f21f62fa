namespace Morgana.Runtime;

/// <summary>The machine's generator as a device.</summary>
internal sealed class PortRandom(IMachinePort port) : IRandom
{
    public void Fill(Span<byte> destination) => port.Fill(destination);
}
