using System.Globalization;

namespace Morgana.Rig.Guest;

/// <summary>The protocols that are forwarded.</summary>
public enum RigProtocol
{
    /// <summary>UDP.</summary>
    Udp,

    /// <summary>TCP.</summary>
    Tcp,
}

/// <summary>A port of 127.0.0.1 on this machine that leads straight to a unikernel in the rig.</summary>
/// <param name="Protocol">UDP or TCP.</param>
/// <param name="HostPort">The port of this machine; 0 takes a free one.</param>
/// <param name="GuestPort">The unikernel's port.</param>
/// <param name="GuestAddress">The unikernel's address, in 10.0.0.0/24.</param>
public sealed record RigForward(
    RigProtocol Protocol,
    int HostPort,
    int GuestPort,
    string GuestAddress = RigForward.DefaultGuest
)
{
    /// <summary>The address that a unikernel has when nothing else is said.</summary>
    public const string DefaultGuest = "10.0.0.2";

    /// <summary>The address of the rig's Linux itself.</summary>
    public const string Linux = Emulator.Agent;

    /// <summary>Reads <c>udp|tcp:HOSTPORT:[ADDRESS:]GUESTPORT</c>; null when it is something else.</summary>
    public static RigForward? Parse(string text)
    {
        string[] parts = text.Split(':');
        if (
            parts.Length is not (3 or 4)
            || !Enum.TryParse(parts[0], ignoreCase: true, out RigProtocol protocol)
            || !Enum.IsDefined(protocol)
            || char.IsDigit(parts[0].FirstOrDefault())
            || !TryPort(parts[1], 0, out int host)
            || !TryPort(parts[^1], 1, out int guest)
            || (parts.Length == 4 && !System.Net.IPAddress.TryParse(parts[2], out _))
        )
        {
            return null;
        }

        return new(protocol, host, guest, parts.Length == 4 ? parts[2] : DefaultGuest);
    }

    /// <summary>As QEMU's monitor wants it.</summary>
    internal string Rule =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Protocol == RigProtocol.Udp ? "udp" : "tcp")}:127.0.0.1:{HostPort}-{GuestAddress}:{GuestPort}"
        );

    private static bool TryPort(string text, int least, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port >= least
        && port <= 65535;
}
