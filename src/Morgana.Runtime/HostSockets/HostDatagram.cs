using System.Runtime.InteropServices;

namespace Morgana.Runtime;

/// <summary>The two ends of a datagram. Addresses hold the four bytes of a packet in their order in memory.</summary>
/// <param name="Remote">The other's address.</param>
/// <param name="Local">Ours; 0 when it is not known, or the host shall choose.</param>
/// <param name="RemotePort">The other's port.</param>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public readonly record struct HostDatagram(uint Remote, uint Local, ushort RemotePort);
