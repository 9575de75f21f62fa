using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Morgana.Cli.Run.Carriers;
using Morgana.Cli.Run.Images;
using Morgana.Cli.Run.Internet;
using Morgana.Cli.Run.Kernel;
using Morgana.Cli.Run.Links;
using Morgana.Cli.Run.Namespaces;
using Morgana.Cli.Run.Publishing;
using Morgana.Cli.Run.Reporting;
using Morgana.Elf;

namespace Morgana.Cli.Run;

/// <summary>One run of an image: from the files on disk to the exit code.</summary>
internal sealed class RunSession(
    RunOptions options,
    ICarrier carrier,
    string image,
    IReadOnlyList<string> commandLine,
    IRunReporter reporter
)
{
    private const string TapName = "tap0";
    private const string InternetName = "internet";
    private const string DeathSignal = "/usr/bin/setpriv";

    /// <summary>Exit code of a program that SIGTERM ended, as shells give it.</summary>
    private const int Terminated = 128 + 15;
    private readonly List<IDisposable> held = [];
    private IReadOnlyList<ManifestDevice> manifest = [];

    /// <summary>Runs the image and returns its exit code (128 and the signal's number when a signal ended it).</summary>
    /// <exception cref="RunException">The run is refused.</exception>
    public async Task<int> RunAsync()
    {
        using SignalForwarding signals = new();
        manifest = ImageManifest.Devices(image);
        DevicePlan devices = DevicePlan.Make(manifest, options.Networks, options.Blocks);
        carrier.Prepare(image, options.InsideChannel is null ? reporter.Note : null);
        if (devices.Automatic is null)
        {
            RefuseNetworkOptions();
            using NamespaceThread here = NamespaceThread.InPlace();
            return await SuperviseAsync(here, image, null, null, false, [], signals)
                .ConfigureAwait(false);
        }

        NetworkPlan network = NetworkPlan.FromArguments(options.Arguments);
        if (options.InsideChannel is { } channel)
        {
            Syscalls.SetInherited(channel, false);
            using NamespaceThread inside = NamespaceThread.InPlace();
            return await RunInAsync(
                    inside,
                    null,
                    image,
                    devices.Automatic,
                    network,
                    channel,
                    signals
                )
                .ConfigureAwait(false);
        }

        using NamespaceThread? own = NamespaceThread.TryCreate();
        if (own is not null)
        {
            return await RunInAsync(
                    own,
                    new DirectHostSockets(),
                    image,
                    devices.Automatic,
                    network,
                    null,
                    signals
                )
                .ConfigureAwait(false);
        }

        if (!UserNamespaceProcess.IsAllowed(out string reason))
        {
            throw new RunException(
                "No permission to make a network for the image: that takes root (CAP_SYS_ADMIN and CAP_NET_ADMIN) or "
                    + $"unprivileged user namespaces, which are not allowed here ({reason}). Allow them (sysctl "
                    + $"kernel.unprivileged_userns_clone, user.max_user_namespaces), or let root make a TAP device for you and give it with --net:{devices.Automatic}=TAP."
            );
        }

        return await UserNamespaceProcess.RunAsync(commandLine).ConfigureAwait(false);
    }

    private void RefuseNetworkOptions()
    {
        if (options.Ports.Count > 0)
        {
            throw new RunException(
                "-p needs the private network that 'run' makes, but the image has no network device left to make one for. "
                    + "Leave out --net:... or -p."
            );
        }

        if (options.Internet)
        {
            throw new RunException(
                "--internet needs the private network that 'run' makes, but the image has no network device left to make "
                    + "one for. Leave out --net:... or --internet."
            );
        }
    }

    private async Task<int> RunInAsync(
        NamespaceThread inside,
        IHostSockets? direct,
        string image,
        string device,
        NetworkPlan network,
        int? channel,
        SignalForwarding signals
    )
    {
        try
        {
            // The tender ends when the outside process is gone, even if that happens before it was started.
            IHostSockets host =
                direct
                ?? new BrokeredHostSockets(new DescriptorChannel(channel!.Value), signals.Stop);
            inside.Run(() => MakeTap(network));
            bool reachable =
                direct is not null && !options.Isolated && TryLinkToHost(inside, network);
            if (options.Internet)
            {
                TunnelDevice tunnel = inside.Run(() => MakeInternet());
                held.Add(tunnel);
                held.Add(new UdpTranslator(tunnel, host, TimeProvider.System));
            }

            List<PublishedPort> ports = [];
            foreach (PublishedPort port in options.Ports)
            {
                ports.Add(Publish(port, network, host, inside));
            }

            foreach (PublishedPort port in ports)
            {
                reporter.Published(port, $"{network.Unikernel}:{port.Port}");
            }

            DeviceArgument made = new(device, TapName);
            return await SuperviseAsync(inside, image, made, network, reachable, ports, signals)
                .ConfigureAwait(false);
        }
        finally
        {
            held.Reverse();
            held.ForEach(thing => thing.Dispose());
        }
    }

    /// <summary>
    /// Makes the TAP and leaves it for the tender, which runs in the same namespace, to attach to by its name: so the
    /// printed tender command can be repeated by hand inside the namespace.
    /// </summary>
    private static void MakeTap(NetworkPlan network)
    {
        NetworkInterfaces.BringUp(NetworkInterfaces.IndexOf("lo"));
        using TunnelDevice tap = TunnelDevice.Create(TapName, TunnelKind.Frames);
        tap.Persist();
        int index = NetworkInterfaces.IndexOf(TapName);
        NetworkInterfaces.AddAddress(index, network.Tap, network.PrefixLength);
        NetworkInterfaces.BringUp(index);
    }

    private static TunnelDevice MakeInternet()
    {
        TunnelDevice tunnel = TunnelDevice.Create(InternetName, TunnelKind.Packets);
        int index = NetworkInterfaces.IndexOf(InternetName);
        NetworkInterfaces.BringUp(index);
        NetworkInterfaces.TryAddRoute(IPAddress.Any, 0, index);
        NetworkInterfaces.EnableForwarding(NetworkInterfaces.IndexOf(TapName), proxyArp: false);
        NetworkInterfaces.EnableForwarding(index, proxyArp: false);
        return tunnel;
    }

    /// <summary>
    /// Joins the namespace with the host by a pair of interfaces, with one address on each side routed and nothing
    /// else: the unikernel can be reached from this machine and can reach nothing but the host's end of the pair.
    /// </summary>
    private bool TryLinkToHost(NamespaceThread inside, NetworkPlan network)
    {
        if (
            network.Host is null
            || HostRoute.Conflict(network.Unikernel) is { } conflict && Report(conflict)
        )
        {
            return false;
        }

        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"morgana{Environment.ProcessId}"
        );
        int space = inside.Run(() =>
            Syscalls.Open("/proc/thread-self/ns/net", Syscalls.OpenCloseOnExec, 0)
        );
        try
        {
            NetworkInterfaces.CreatePair(name, "host", space);
        }
        finally
        {
            _ = Syscalls.Close(space);
        }

        int outer = NetworkInterfaces.IndexOf(name);
        held.Add(new HostLink(outer));
        NetworkInterfaces.AddAddress(outer, network.Host, 32);
        NetworkInterfaces.BringUp(outer);
        inside.Run(() =>
        {
            int inner = NetworkInterfaces.IndexOf("host");
            int tap = NetworkInterfaces.IndexOf(TapName);
            NetworkInterfaces.BringUp(inner);
            NetworkInterfaces.TryAddRoute(network.Host, 32, inner);
            NetworkInterfaces.EnableForwarding(tap, proxyArp: true);
            NetworkInterfaces.EnableForwarding(inner, proxyArp: true);
            NetworkInterfaces.AnswerArpAtOnce(tap);
            NetworkInterfaces.AnswerArpAtOnce(inner);
        });
        return NetworkInterfaces.TryAddRoute(network.Unikernel, 32, outer, network.Host)
            || !Report(
                $"this machine already has a route to {network.Unikernel} (another run?), so it gets none to this image."
            );

        bool Report(string text)
        {
            reporter.Note(text);
            return true;
        }
    }

    private PublishedPort Publish(
        PublishedPort port,
        NetworkPlan network,
        IHostSockets host,
        NamespaceThread inside
    )
    {
        Socket socket;
        try
        {
            socket = host.Bind(port.Host, port.Protocol);
            if (port.Protocol == ProtocolType.Tcp)
            {
                socket.Listen(128);
            }
        }
        catch (SocketException exception)
        {
            throw new RunException(
                exception.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse =>
                        $"-p {port}: {port.ProtocolName} port {port.Host.Port} of the host is in use. Choose another, or stop who uses it (ss -lnp).",
                    SocketError.AccessDenied =>
                        $"-p {port}: no permission for port {port.Host.Port} of the host. Ports below 1024 take root or CAP_NET_BIND_SERVICE.",
                    SocketError.AddressNotAvailable =>
                        $"-p {port}: {port.Host.Address} is not an address of this machine.",
                    _ => $"-p {port}: the host's port cannot be opened: {exception.Message}.",
                }
            );
        }

        IPEndPoint target = new(network.Unikernel, port.Port);
        held.Add(
            port.Protocol == ProtocolType.Udp
                ? new UdpPublisher(socket, () => Connected(inside, target), TimeProvider.System)
                : new TcpPublisher(socket, stop => ConnectAsync(inside, target, stop))
        );
        return port with { Host = (IPEndPoint)socket.LocalEndPoint! };
    }

    private static Socket Connected(NamespaceThread inside, IPEndPoint target)
    {
        Socket socket = inside.Run(() =>
            new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        );
        socket.Connect(target);
        return socket;
    }

    private static async ValueTask<Socket> ConnectAsync(
        NamespaceThread inside,
        IPEndPoint target,
        CancellationToken stop
    )
    {
        Socket socket = inside.Run(() =>
            new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        );
        try
        {
            await socket.ConnectAsync(target, stop).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<int> SuperviseAsync(
        NamespaceThread inside,
        string image,
        DeviceArgument? made,
        NetworkPlan? network,
        bool reachable,
        IReadOnlyList<PublishedPort> ports,
        SignalForwarding signals
    )
    {
        IReadOnlyList<string> command = carrier.Command(manifest, image, made);
        if (options.ShowCommand)
        {
            reporter.Command(command);
        }

        using Process process = new();
        process.StartInfo.UseShellExecute = false;
        process.StartInfo.RedirectStandardInput = !carrier.KeepsInput;

        // setpriv (util-linux) asks the kernel to end the tender should this process be killed outright; it then
        // becomes the tender, under the same process id. Without it only that last resort is missing.
        IReadOnlyList<string> started = File.Exists(DeathSignal)
            ? [DeathSignal, "--pdeathsig", "KILL", "--", .. command]
            : command;
        process.StartInfo.FileName = started[0];
        foreach (string word in started.Skip(1))
        {
            process.StartInfo.ArgumentList.Add(word);
        }

        if (signals.Stopped)
        {
            return Terminated;
        }

        long start = Stopwatch.GetTimestamp();
        try
        {
            inside.Run(process.Start);
        }
        catch (Win32Exception exception)
        {
            throw new RunException(
                $"The {carrier.Name} {command[0]} cannot be started: {exception.Message}."
            );
        }

        if (!carrier.KeepsInput)
        {
            process.StandardInput.Close();
        }

        signals.Attach(process);
        reporter.Started(
            new StartedRun(
                image,
                process.Id,
                network,
                reachable,
                options.InsideChannel is null
                    ? $"nsenter -t {process.Id} -n"
                    : $"nsenter -t {process.Id} -U --preserve-credentials -n",
                ports
            )
        );
        await process.WaitForExitAsync().ConfigureAwait(false);
        int code = carrier.ExitCode(process.ExitCode, signals.Stopped);
        reporter.Exited(code, signals.Stopped, Stopwatch.GetElapsedTime(start));
        return code;
    }
}
