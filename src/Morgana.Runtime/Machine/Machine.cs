namespace Morgana.Runtime;

/// <summary>
/// The machine that a program runs on: its loop, clocks, entropy, console and devices. There is one; it is made
/// by <see cref="Run"/> and lives until the program ends.
/// </summary>
public sealed class Machine
{
    private readonly IMachinePort _port;
    private readonly LoopTimeProvider _clock;
    private IHostSockets? _hostSockets;

    private Machine(IMachinePort port, string[] args)
    {
        _port = port;
        _clock = new LoopTimeProvider(port);
        Loop = new MainLoop(port, _clock);
        Arguments = args;
        Random = new PortRandom(port);
        Console = port.OpenConsole();
    }

    /// <summary>The loop that runs continuations, timers and devices on the thread that called <see cref="Run"/>.</summary>
    public MainLoop Loop { get; }

    /// <summary>
    /// Wall clock, monotonic clock and timers. Timers' callbacks run on the main loop's thread; their resolution is
    /// that of the tender's timer, far below a millisecond.
    /// </summary>
    public TimeProvider Clock => _clock;

    /// <summary>The machine's cryptographically strong generator.</summary>
    public IRandom Random { get; }

    /// <summary>The arguments given to the image at start, without a program name.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>The console; what is written is on it when the write returns.</summary>
    public Stream Console { get; }

    /// <summary>The target that the image was linked for, as in "spt"; an ordinary .NET process is "unix" too.</summary>
    public string Target => _port.Target;

    /// <summary>The target that this program runs on, for code without a machine at hand.</summary>
    public static string CurrentTarget { get; } = MachinePort.Target;

    /// <summary>
    /// Runs a program: calls <paramref name="main"/> on this thread and turns the main loop until its task ends.
    /// An exception that the task ends with is thrown here, so that the runtime prints it and ends the program.
    /// </summary>
    /// <param name="args">What Main was given.</param>
    /// <param name="main">The program.</param>
    /// <returns>The program's exit code.</returns>
    public static int Run(string[] args, Func<Machine, Task<int>> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        Stream? console = null;
        try
        {
            IMachinePort port = MachinePort.Open(ref args);
            Machine machine = new(port, args);
            console = machine.Console;
            return machine.Loop.Run(() => main(machine));
        }
        catch (HostException refusal)
        {
            // The program is as it should be; what is wrong is said to whoever started it, without a stack trace.
            (console ?? MachinePort.OpenErrors()).Write(
                System.Text.Encoding.UTF8.GetBytes($"{refusal.Message}\n")
            );
            return BootExitCode.Host;
        }
    }

    /// <summary>
    /// The host's own sockets, where the program is one among others on it; null in a machine of its own.
    /// </summary>
    public IHostSockets? HostSockets => _hostSockets ??= _port.OpenHostSockets(Loop);

    /// <summary>
    /// Opens the network device of that name in the manifest. Where the host's sockets can take its place, one that is not attached is
    /// no error here, but where it is first used (<see cref="INetwork.IsAttached"/>).
    /// </summary>
    /// <param name="name">1 to 67 alphanumeric characters.</param>
    /// <exception cref="HostException">The image has no such device, or the tender attached none.</exception>
    public INetwork OpenNetwork(string name)
    {
        if (_port.OpenNetwork(name, Loop) is { } network)
        {
            return network;
        }

        HostException absent = new(
            $"There is no network device '{name}': {_port.HowToAttach(name, "net")}."
        );
        return HostSockets is null ? throw absent : new AbsentNetwork(name, absent.Message);
    }

    /// <summary>Opens the block device of that name in the manifest.</summary>
    /// <param name="name">1 to 67 alphanumeric characters.</param>
    /// <exception cref="HostException">The image has no such device, or none was attached.</exception>
    public IBlockDevice OpenBlock(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _port.OpenBlock(name)
            ?? throw new HostException(
                $"There is no block device '{name}': {_port.HowToAttach(name, "block")}."
            );
    }
}
