using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Morgana.Cli.Run.Kernel;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>
/// Runs this program again inside a new user and network namespace, in which the user counts as root. A process with
/// several threads, as every .NET process is, may not enter a user namespace, so <c>unshare</c> of util-linux (an
/// essential package) does that and then becomes the second process.
/// </summary>
internal static class UserNamespaceProcess
{
    /// <summary>The hidden option that tells the second process the descriptor of its channel to the first.</summary>
    public const string InsideOption = "--inside-namespace";

    /// <summary>Runs <c>morgana run</c> again with <paramref name="arguments"/>; its exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        (DescriptorChannel outside, DescriptorChannel inside) = DescriptorChannel.CreatePair();
        using Process process = new();
        ProcessStartInfo start = process.StartInfo;
        start.FileName = "unshare";
        start.UseShellExecute = false;
        string channel = inside.Descriptor.ToString(CultureInfo.InvariantCulture);
        foreach (
            string word in (IEnumerable<string>)
                [
                    "--user",
                    "--map-root-user",
                    "--net",
                    "--",
                    .. ToolProgram.Words,
                    "run",
                    InsideOption,
                    channel,
                    .. arguments,
                ]
        )
        {
            start.ArgumentList.Add(word);
        }

        // What reaches this process only (kill, a supervisor) is passed on; Ctrl-C reaches both, and the second
        // process ends by it in good order.
        using SignalForwarding forwarding = new();
        Syscalls.SetInherited(inside.Descriptor, true);
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new RunException(
                "'unshare', which opens a user namespace for a run without root, cannot be started "
                    + $"({exception.Message}). Install util-linux, or run as root."
            );
        }
        finally
        {
            inside.Dispose();
        }

        forwarding.Attach(process);
        using (outside)
        {
            await Task.Run(() => SocketBroker.Serve(outside, new DirectHostSockets()))
                .ConfigureAwait(false);
        }

        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>Whether <c>unshare</c> may make a user namespace here; the reason when not.</summary>
    public static bool IsAllowed(out string reason)
    {
        try
        {
            using Process probe = Process.Start(
                new ProcessStartInfo(
                    "unshare",
                    ["--user", "--map-root-user", "--net", "--", "true"]
                )
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                }
            )!;
            reason = probe.StandardError.ReadToEnd().Trim();
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (Win32Exception exception)
        {
            reason = $"unshare: {exception.Message}";
            return false;
        }
    }
}
