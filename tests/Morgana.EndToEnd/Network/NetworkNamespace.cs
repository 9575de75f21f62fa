using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Network;

/// <summary>
/// A network namespace with a name, for one test or fixture. Its name holds the process id of the test run, so that
/// what a killed run left behind is known by its dead process and removed when the next run makes its first one.
/// </summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private const string Prefix = "morgana-e2e-";
    private static readonly Lazy<Task> StaleRemoval = new(RemoveStaleAsync);
    private static int count;

    private NetworkNamespace(string name) => Name = name;

    /// <summary>Its name, as <c>ip netns</c> lists it.</summary>
    public string Name { get; }

    /// <summary>The file that stands for it.</summary>
    public string Path => $"/run/netns/{Name}";

    /// <summary>Makes a namespace with its loopback device up.</summary>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        await StaleRemoval.Value;
        NetworkNamespace created = new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref count)}"
            )
        );
        ProcessResult made = await RunningProcess.RunAsync(Tool.Ip, ["netns", "add", created.Name]);
        if (made.Code != 0)
        {
            throw new MissingToolException(
                $"A network namespace cannot be made; the end-to-end tests need root (CAP_SYS_ADMIN): {made.Errors}"
            );
        }

        await created.IpAsync("link", "set", "lo", "up");
        return created;
    }

    /// <summary>
    /// Runs <c>ip</c> with <paramref name="arguments"/> inside; it must succeed. Not by <c>ip -n</c>, which mounts things anew and so
    /// fails where / is no mount point: in a chroot.
    /// </summary>
    public async Task IpAsync(params string[] arguments) =>
        (await RunAsync(Tool.Ip, arguments)).Succeeded($"ip {string.Join(' ', arguments)}");

    /// <summary>Makes a TAP device with an address that a tender can attach to by its name.</summary>
    public async Task AddTapAsync(string name, string addressAndPrefix)
    {
        await IpAsync("tuntap", "add", name, "mode", "tap");
        await IpAsync("addr", "add", addressAndPrefix, "dev", name);
        await IpAsync("link", "set", name, "up");
    }

    /// <summary>
    /// Makes addresses of choice, such as those of the real root servers, the namespace's own. They stand on the
    /// loopback device, which every kernel has (a dummy device is a module).
    /// </summary>
    public async Task AddAddressesAsync(params string[] addresses)
    {
        foreach (string address in addresses)
        {
            await IpAsync("addr", "add", $"{address}/32", "dev", "lo");
        }
    }

    /// <summary>Joins this namespace with another by a pair of devices.</summary>
    public async Task JoinAsync(
        string device,
        string address,
        NetworkNamespace other,
        string otherDevice,
        string otherAddress
    )
    {
        await IpAsync(
            "link",
            "add",
            device,
            "type",
            "veth",
            "peer",
            "name",
            otherDevice,
            "netns",
            other.Name
        );
        await IpAsync("addr", "add", address, "dev", device);
        await IpAsync("link", "set", device, "up");
        await other.IpAsync("addr", "add", otherAddress, "dev", otherDevice);
        await other.IpAsync("link", "set", otherDevice, "up");
    }

    /// <summary>Starts a program inside.</summary>
    public RunningProcess Start(string file, params string[] arguments) =>
        RunningProcess.Start(Tool.Nsenter, [$"--net={Path}", "--", file, .. arguments]);

    /// <summary>Runs a program inside to its end.</summary>
    public Task<ProcessResult> RunAsync(string file, params string[] arguments) =>
        RunningProcess.RunAsync(Tool.Nsenter, [$"--net={Path}", "--", file, .. arguments]);

    /// <summary>
    /// Runs <paramref name="function"/> on a thread that is inside: sockets that it makes belong to the namespace and can
    /// be used from everywhere.
    /// </summary>
    public T Inside<T>(Func<T> function)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                using SafeFileHandle space = File.OpenHandle(Path);
                if (
                    Kernel.EnterNamespace(
                        (int)space.DangerousGetHandle(),
                        Kernel.NewNetworkNamespace
                    ) != 0
                )
                {
                    throw new InvalidOperationException(
                        $"setns: error {Marshal.GetLastPInvokeError()}"
                    );
                }

                result = function();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Ends what still runs inside and removes the namespace with its devices.</summary>
    public async ValueTask DisposeAsync() => await RemoveAsync(Name);

    /// <summary>Removes the namespaces of test runs whose process is gone.</summary>
    internal static async Task RemoveStaleAsync()
    {
        if (Directory.Exists("/run/netns"))
        {
            foreach (string path in Directory.GetFiles("/run/netns", Prefix + "*"))
            {
                string name = System.IO.Path.GetFileName(path);
                if (TemporaryFolder.IsStale(name))
                {
                    await RemoveAsync(name);
                }
            }
        }

        // Only now: what ran in the namespaces may have written there.
        TemporaryFolder.RemoveStale();
    }

    private static async Task RemoveAsync(string name)
    {
        ProcessResult inside = await RunningProcess.RunAsync(Tool.Ip, ["netns", "pids", name]);
        foreach (string process in inside.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _ = Kernel.Kill(
                int.Parse(process, CultureInfo.InvariantCulture),
                (int)PosixSignalNumber.Kill
            );
        }

        (await RunningProcess.RunAsync(Tool.Ip, ["netns", "del", name])).Succeeded(
            $"ip netns del {name}"
        );
    }
}
