namespace Morgana.Configuration;

/// <summary>A job: what the unikernel does once its devices are there.</summary>
[StandsFor("Morgana.Runtime.IUnikernel")]
public interface IJob;

/// <summary>A network interface that carries Ethernet frames.</summary>
[StandsFor("Morgana.Runtime.INetwork")]
public interface INetwork;

/// <summary>A block device: a disk.</summary>
[StandsFor("Morgana.Runtime.IBlockDevice")]
public interface IBlockDevice;

/// <summary>Values under keys that are paths, to be read.</summary>
[StandsFor("Morgana.Storage.IReadOnlyStore")]
public interface IReadOnlyStore;

/// <summary>Values under keys that are paths, to be read and changed. It serves wherever <see cref="IReadOnlyStore"/> is asked for.</summary>
[StandsFor("Morgana.Storage.IStore")]
public interface IStore : IReadOnlyStore;

/// <summary>Files as ASP.NET Core and others of .NET's libraries take them.</summary>
[StandsFor("Microsoft.Extensions.FileProviders.IFileProvider")]
public interface IFileProvider;

/// <summary>The datagram service of a stack.</summary>
[StandsFor("Morgana.Net.IUdp")]
public interface IUdp;

/// <summary>An IPv4 stack on one network interface. It serves wherever <see cref="IUdp"/> is asked for.</summary>
[StandsFor("Morgana.Net.IIpv4Stack")]
public interface IIpv4Stack : IUdp;

/// <summary>The clocks, wall and monotonic, and their timers.</summary>
[StandsFor("System.TimeProvider")]
public interface IClock;

/// <summary>A source of random bytes that nobody can predict.</summary>
[StandsFor("Morgana.Runtime.IRandom")]
public interface IRandom;

/// <summary>The console: a stream of bytes to the operator.</summary>
[StandsFor("System.IO.Stream")]
public interface IConsole;

/// <summary>Where log lines go.</summary>
[StandsFor("Microsoft.Extensions.Logging.ILoggerFactory")]
public interface ILog;

/// <summary>An IP address: 10.0.0.1.</summary>
[StandsFor("Morgana.Net.IpAddress")]
public interface IIpAddress;

/// <summary>An IP address with the length of its network's prefix: 10.0.0.2/24.</summary>
[StandsFor("Morgana.Net.IpPrefix")]
public interface IIpPrefix;

/// <summary>Which log sources speak from which level on: *:info,dns:debug.</summary>
[StandsFor("Morgana.Runtime.LogLevels")]
public interface ILogLevels;
