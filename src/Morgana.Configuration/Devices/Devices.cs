using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>
/// The devices and the words of config.cs: say <c>using static Morgana.Configuration.Devices;</c>.
/// A device that is mentioned twice is made once; one that the job does not reach is not made at all.
/// </summary>
public static partial class Devices
{
    /// <summary>The console: what is written to it goes to the tender's standard output.</summary>
    public static IDevice<IConsole> DefaultConsole { get; } =
        Define<IConsole>("console", "machine.Console", DriverSlot("console")).Apply();

    /// <summary>The machine's wall and monotonic clocks; their timers fire on the main loop.</summary>
    public static IDevice<IClock> DefaultClock { get; } =
        Define<IClock>("clock", "machine.Clock", DriverSlot("clock")).Apply();

    /// <summary>Random bytes from the machine's generator.</summary>
    public static IDevice<IRandom> DefaultRandom { get; } =
        Define<IRandom>("random", "machine.Random", DriverSlot("random")).Apply();

    /// <summary>Log lines on the console, with the boot argument <c>--logs</c> (<c>-l</c>) for their levels.</summary>
    public static IDevice<ILog> Logging { get; } = ConsoleLogging();

    /// <summary>Log lines on the console, with the boot argument <c>--logs</c> (<c>-l</c>) for their levels.</summary>
    /// <param name="levels">The levels when the argument is not given: <c>*:info,dns:debug</c>.</param>
    public static IDevice<ILog> ConsoleLogging(string levels = "*:info") =>
        Define<ILog, IConsole, IClock, ILogLevels>(
                "log",
                "new global::Morgana.Runtime.ConsoleLoggerFactory({0}, {1}, {2})"
            )
            .Apply(
                DefaultConsole,
                DefaultClock,
                BootArgument.WithDefault<ILogLevels>(
                    "logs",
                    levels,
                    "log levels by source: *:info,dns:debug; levels are trace, debug, info, warning, error, critical, none",
                    'l'
                )
            );

    /// <summary>A log that nobody reads.</summary>
    public static IDevice<ILog> NoLogging { get; } =
        Define<ILog>(
                "noLog",
                "global::Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance"
            )
            .Apply();

    /// <summary>The network interface called <c>service</c> in the manifest.</summary>
    public static IDevice<INetwork> DefaultNetwork() => Network("service");

    /// <summary>A network interface.</summary>
    /// <param name="name">Its name in the manifest and for the tender's <c>--net:NAME=</c>: 1 to 67 letters and digits.</param>
    public static IDevice<INetwork> Network(string name)
    {
        return Define<INetwork>(
                "network",
                $"machine.OpenNetwork(\"{name}\")",
                NetworkSlot(name),
                DriverSlot("network")
            )
            .Apply();
    }

    /// <summary>
    /// An IPv4 stack (ARP, ICMP echo, UDP) with a fixed address, and the boot arguments <c>--ipv4</c> and <c>--ipv4-gateway</c>.
    /// </summary>
    /// <param name="network">The interface that it is on.</param>
    /// <param name="group">Put before the names of the arguments when there are several stacks: <c>--inner-ipv4</c>.</param>
    /// <param name="log">Where it reports; nowhere when null.</param>
    public static IDevice<IIpv4Stack> GenericIpv4Stack(
        IDevice<INetwork> network,
        string? group = null,
        IDevice<ILog>? log = null
    )
    {
        string prefix = group is null ? "" : group + "-";
        BootArgument<IIpPrefix> address = BootArgument.Required<IIpPrefix>(
            prefix + "ipv4",
            "IPv4 address and length of the network's prefix, as in 10.0.0.2/24"
        );
        BootArgument<IIpAddress> gateway = BootArgument.Optional<IIpAddress>(
            prefix + "ipv4-gateway",
            "IPv4 address of the router to other networks, as in 10.0.0.1"
        );
        return Define<IIpv4Stack, INetwork, IIpPrefix, IIpAddress, IRandom, IClock, ILog>(
                "stack",
                "new global::Morgana.Net.Ipv4Stack({0}, new global::Morgana.Net.Ipv4Configuration { Prefix = {1}, Gateway = {2} }, {3}, {4}, {5}.CreateLogger(\"net\"))",
                Library("Morgana.Net"),
                StartedBy("Start"),
                ChecksArguments,
                DriverSlot("ipv4-stack")
            )
            .Apply(network, address, gateway, DefaultRandom, DefaultClock, log ?? NoLogging);
    }

    /// <summary>One of two devices, decided by a condition on keys.</summary>
    public static IDevice<T> If<T>(Condition condition, IDevice<T> then, IDevice<T> otherwise)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(otherwise);
        return new Device<T>(
            new Node(new ChoiceNode { Conditions = [condition.Shape] }, [then.Node, otherwise.Node])
        );
    }

    /// <summary>One of several devices, decided by the value of a key.</summary>
    /// <param name="key">The key, such as <see cref="Key.Target"/>.</param>
    /// <param name="cases">Values and what they choose; the first that fits counts.</param>
    /// <param name="otherwise">What is taken for all other values.</param>
    public static IDevice<T> Match<TKey, T>(
        Key<TKey> key,
        ReadOnlySpan<(TKey Value, IDevice<T> Device)> cases,
        IDevice<T> otherwise
    )
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(otherwise);
        List<ConditionShape> conditions = [];
        List<Node> inputs = [];
        foreach ((TKey value, IDevice<T> device) in cases)
        {
            conditions.Add(key.Is(value).Shape);
            inputs.Add(device.Node);
        }

        return new Device<T>(
            new Node(new ChoiceNode { Conditions = [.. conditions] }, [.. inputs, otherwise.Node])
        );
    }

    /// <summary>A library of Morgana, as in <c>Library("Morgana.Dns")</c>.</summary>
    public static Need Library(string name) => new() { Kind = NeedKind.Library, Name = name };

    /// <summary>A NuGet package of an exact version.</summary>
    public static Need Package(string name, string version) =>
        new()
        {
            Kind = NeedKind.Package,
            Name = name,
            Version = version,
        };

    /// <summary>A project of your own; the path starts at the folder of config.cs.</summary>
    public static Need ProjectFile(string path) => new() { Kind = NeedKind.Project, Name = path };

    /// <summary>A network device of this name in the manifest; <see cref="Network"/> is the device itself.</summary>
    public static Need NetworkSlot(string name)
    {
        NameRules.CheckSlot(name);
        return new() { Kind = NeedKind.NetworkSlot, Name = name };
    }

    /// <summary>A block device of this name in the manifest; <see cref="Block"/> is the device itself.</summary>
    public static Need BlockSlot(string name)
    {
        NameRules.CheckSlot(name);
        return new() { Kind = NeedKind.BlockSlot, Name = name };
    }

    /// <summary>
    /// A method without parameters that the generated program calls on the device when all devices and the job are made,
    /// right before the job runs: what is bound in constructors then misses nothing. One whose name ends in Async is awaited.
    /// </summary>
    public static Need StartedBy(string method)
    {
        NameRules.CheckMethod(method);
        return new() { Kind = NeedKind.Start, Name = method };
    }

    /// <summary>
    /// The name under which a target may bring another way to make the device (<see cref="Driver.Device"/>). Several devices
    /// may have the same.
    /// </summary>
    public static Need DriverSlot(string name)
    {
        NameRules.CheckOption(name, "device that targets can replace");
        return new() { Kind = NeedKind.Driver, Name = name };
    }

    /// <summary>
    /// Says that the device's expression throws an <see cref="ArgumentException"/>, with a message for whoever started the
    /// image, when boot arguments that are each right do not fit together, such as a gateway outside its network. The image then ends
    /// as after any other wrong argument, without a stack trace.
    /// </summary>
    public static Need ChecksArguments { get; } = new() { Kind = NeedKind.ArgumentCheck };
}
