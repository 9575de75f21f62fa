using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;
using Monitor = Morgana.Rig.Guest.Monitor;

namespace Morgana.Rig;

/// <summary>
/// A Linux with KVM inside QEMU's software emulator, which carries out jobs: files and a shell command in, what it prints and
/// its exit code out. Jobs may run at the same time; each has its own folder, at <c>/job</c>.
/// </summary>
public sealed class Rig : IAsyncDisposable
{
    /// <summary>How long a boot, a job or a line may take when nothing else is said: long enough for a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process qemu;
    private readonly string folder;
    private readonly GuestConsole console = new();
    private readonly CancellationTokenSource ended = new();
    private Monitor? monitor;
    private Task watching = Task.CompletedTask;
    private Agent? agent;
    private int jobs;

    private Rig(RigArchitecture architecture, Process qemu, string folder) =>
        (Architecture, this.qemu, this.folder) = (architecture, qemu, folder);

    /// <summary>The machine.</summary>
    public RigArchitecture Architecture { get; }

    /// <summary>From the start of QEMU to the moment when it takes jobs.</summary>
    public TimeSpan BootTime { get; private set; }

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => !ended.IsCancellationRequested;

    /// <summary>The last lines of its console.</summary>
    public string ConsoleTail => console.Tail();

    /// <summary>Boots a guest; its kernel is fetched the first time.</summary>
    /// <exception cref="RigException">It does not come up, or has no KVM; the message says why.</exception>
    public static async Task<Rig> StartAsync(
        RigArchitecture architecture,
        CancellationToken cancellation = default
    )
    {
        GuestFiles files = await GuestFiles.GetAsync(architecture, cancellation);
        string folder = Directory.CreateTempSubdirectory("morgana-rig-").FullName;
        Rig? rig = null;
        try
        {
            string initramfs = Path.Combine(folder, "initramfs");
            await using (FileStream output = File.Create(initramfs))
            {
                Initramfs.Write(files, output);
            }

            string socket = Path.Combine(folder, "qmp");
            long begin = Stopwatch.GetTimestamp();
            rig = new Rig(
                architecture,
                await LastingThread.RunAsync(() =>
                    Launch(architecture, files.Kernel, initramfs, socket)
                ),
                folder
            );
            rig.watching = rig.WatchAsync();
            await rig.BootAsync(socket, cancellation);
            rig.BootTime = Stopwatch.GetElapsedTime(begin);
            return rig;
        }
        catch
        {
            if (rig is not null)
            {
                await rig.DisposeAsync();
            }
            else
            {
                Directory.Delete(folder, recursive: true);
            }

            throw;
        }
    }

    /// <summary>Starts a job.</summary>
    /// <param name="files">What it finds in its folder, where it is started.</param>
    /// <param name="command">A script for busybox's sh.</param>
    /// <param name="copies">Where its output goes besides being kept.</param>
    /// <exception cref="RigException">The guest is dead.</exception>
    public async Task<RigJob> StartJobAsync(
        IEnumerable<RigFile> files,
        string command,
        RigOutput copies = default
    )
    {
        try
        {
            return await RigJob.StartAsync(
                agent!,
                Interlocked.Increment(ref jobs),
                JobArchive.Create(files, command),
                copies
            );
        }
        catch (RigException) when (!qemu.HasExited)
        {
            // It lives and does not answer, which is as bad: the next test shall have another.
            qemu.Kill();
            throw;
        }
    }

    /// <summary>Runs a job to its end.</summary>
    /// <param name="files">What it finds in its folder, where it is started.</param>
    /// <param name="command">A script for busybox's sh.</param>
    /// <param name="limit">When it is killed; two minutes if nothing is said.</param>
    /// <exception cref="TimeoutException">It was killed for lasting too long; the message holds what it had printed.</exception>
    /// <exception cref="RigException">The guest died.</exception>
    public async Task<RigResult> RunAsync(
        IEnumerable<RigFile> files,
        string command,
        TimeSpan? limit = null
    )
    {
        await using RigJob job = await StartJobAsync(files, command);
        return await job.WaitAsync(limit);
    }

    /// <summary>Opens a port of this machine, on 127.0.0.1, that leads to a unikernel on one of the guest's TAP devices.</summary>
    /// <returns>The port of this machine.</returns>
    /// <exception cref="RigException">QEMU cannot have the port.</exception>
    public async Task<int> ForwardAsync(RigForward forward)
    {
        // A free port may be taken by somebody else between being found and being used.
        for (int attempt = 1; ; attempt++)
        {
            RigForward wanted =
                forward.HostPort == 0
                    ? forward with
                    {
                        HostPort = FreePort(forward.Protocol),
                    }
                    : forward;
            string answer = await monitor!.CommandAsync(
                $"hostfwd_add {Emulator.NetworkName} {wanted.Rule}",
                ended.Token
            );
            if (answer.Length == 0)
            {
                return wanted.HostPort;
            }

            if (forward.HostPort != 0 || attempt == 5)
            {
                throw new RigException($"QEMU cannot forward {wanted.Rule}: {answer}");
            }
        }
    }

    /// <summary>Closes a port that <see cref="ForwardAsync"/> has opened.</summary>
    public async Task StopForwardingAsync(RigProtocol protocol, int hostPort) =>
        _ = await monitor!.CommandAsync(
            $"hostfwd_remove {Emulator.NetworkName} {(protocol == RigProtocol.Udp ? "udp" : "tcp")}:127.0.0.1:{hostPort}",
            ended.Token
        );

    /// <summary>Ends the guest, as pulling its plug does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!qemu.HasExited)
        {
            qemu.Kill();
        }

        await qemu.WaitForExitAsync();
        await watching;
        if (monitor is not null)
        {
            await monitor.DisposeAsync();
        }

        qemu.Dispose();
        ended.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static Process Launch(
        RigArchitecture architecture,
        string kernel,
        string initramfs,
        string socket
    )
    {
        string program = Emulator.Program(architecture);
        try
        {
            // setpriv: the guest dies with the test run, also when that is killed.
            return Process.Start(
                new ProcessStartInfo(
                    "setpriv",
                    [
                        "--pdeathsig",
                        "KILL",
                        "--",
                        program,
                        .. Emulator.Arguments(architecture, kernel, initramfs, socket),
                    ]
                )
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new RigException(
                "The rig needs 'setpriv', which is not on this machine: apt-get install util-linux",
                missing
            );
        }
    }

    private static int FreePort(RigProtocol protocol)
    {
        using Socket socket = new(
            AddressFamily.InterNetwork,
            protocol == RigProtocol.Udp ? SocketType.Dgram : SocketType.Stream,
            ProtocolType.Unspecified
        );
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task BootAsync(string socket, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation,
            ended.Token
        );
        limit.CancelAfter(Patience);
        try
        {
            await console.LineAsync("rig: ready", limit.Token);
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            string why =
                IsAlive ? $"did not boot in {Patience.TotalSeconds} s"
                : qemu.ExitCode == 127
                    ? $"has no '{Emulator.Program(Architecture)}' (apt-get install {Emulator.Package(Architecture)})"
                : $"ended with code {qemu.ExitCode}";
            throw new RigException(
                $"The rig ({Architecture}) {why}. Its console ends with\n{ConsoleTail}"
            );
        }

        if (console.Tail().Contains("rig: there is no /dev/kvm", StringComparison.Ordinal))
        {
            throw new RigException(
                $"The rig's Linux ({Architecture}) came up without KVM. Its console ends with\n{ConsoleTail}"
            );
        }

        monitor = await Monitor.ConnectAsync(socket, limit.Token);
        int port = await ForwardAsync(
            new RigForward(RigProtocol.Tcp, 0, Emulator.AgentPort, Emulator.Agent)
        );
        agent = new Agent(port, console.Tail, ended.Token);
    }

    private async Task WatchAsync()
    {
        await Task.WhenAll(
            console.ReadAsync(qemu.StandardOutput),
            console.ReadAsync(qemu.StandardError)
        );
        await qemu.WaitForExitAsync();
        console.Add($"rig: QEMU ended with code {qemu.ExitCode}");
        await ended.CancelAsync();
    }
}
