using System.Runtime.InteropServices;
using System.Text;
using Morgana.Cli.Run.Kernel;

namespace Morgana.Cli.Run.Links;

/// <summary>What a descriptor of <c>/dev/net/tun</c> carries.</summary>
internal enum TunnelKind
{
    /// <summary>IP packets (TUN).</summary>
    Packets = 1,

    /// <summary>Ethernet frames (TAP).</summary>
    Frames = 2,
}

/// <summary>
/// A TAP or TUN device of the calling thread's network namespace, which exists as long as a descriptor of it is open.
/// </summary>
internal sealed unsafe class TunnelDevice : IDisposable
{
    private const string Path = "/dev/net/tun";
    private const nuint SetInterface = 0x400454ca; // TUNSETIFF
    private const nuint SetPersistent = 0x400454cb; // TUNSETPERSIST
    private const short NoPacketInformation = 0x1000; // IFF_NO_PI
    private bool closed;

    private TunnelDevice(int descriptor, string name)
    {
        Descriptor = descriptor;
        Name = name;
    }

    /// <summary>The descriptor: blocking, not inherited by children unless told so.</summary>
    public int Descriptor { get; }

    /// <summary>The interface's name in its namespace.</summary>
    public string Name { get; }

    /// <summary>Creates the device <paramref name="name"/>.</summary>
    public static TunnelDevice Create(string name, TunnelKind kind)
    {
        int descriptor = Syscalls.Open(Path, Syscalls.OpenReadWrite | Syscalls.OpenCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Refusal(Marshal.GetLastPInvokeError());
        }

        // struct ifreq: 16 bytes of name, then the flags.
        Span<byte> request = stackalloc byte[40];
        request.Clear();
        Encoding.ASCII.GetBytes(name, request[..15]);
        MemoryMarshal.Write(request[16..], (short)((short)kind | NoPacketInformation));
        fixed (byte* argument = request)
        {
            if (Syscalls.DeviceControl(descriptor, SetInterface, argument) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                _ = Syscalls.Close(descriptor);
                throw error == Syscalls.ErrorNotPermitted
                    ? new RunException(
                        "No permission to create a TAP device: that takes CAP_NET_ADMIN. Run as root, or allow "
                            + "unprivileged user namespaces (sysctl user.max_user_namespaces) and use -p to reach the image."
                    )
                    : new RunException(
                        $"The TAP device {name} cannot be created: {Syscalls.ErrorText(error)}."
                    );
            }
        }

        return new TunnelDevice(descriptor, name);
    }

    /// <summary>
    /// Lets the device outlive its descriptor, until its namespace ends: for a device that another program attaches
    /// to by name.
    /// </summary>
    public void Persist()
    {
        if (Syscalls.DeviceControl(Descriptor, SetPersistent, (void*)1) < 0)
        {
            throw new RunException(
                $"The TAP device {Name} cannot be kept: {Syscalls.ErrorText(Marshal.GetLastPInvokeError())}."
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!closed)
        {
            closed = true;
            _ = Syscalls.Close(Descriptor);
        }
    }

    internal static RunException Refusal(int error) =>
        error switch
        {
            Syscalls.ErrorNoEntry or Syscalls.ErrorNoDevice or 19 => new RunException(
                $"{Path} is missing, so no TAP device can be made. Load the module (modprobe tun); in a container, "
                    + $"start it with --device {Path}."
            ),
            Syscalls.ErrorAccess or Syscalls.ErrorNotPermitted => new RunException(
                $"No permission to open {Path}. Run as root, or let your user open it (chmod 0666 {Path} is what "
                    + "most distributions set: who opens it still needs CAP_NET_ADMIN in a namespace)."
            ),
            _ => new RunException($"{Path} cannot be opened: {Syscalls.ErrorText(error)}."),
        };
}
