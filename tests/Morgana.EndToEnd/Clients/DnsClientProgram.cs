using System.Globalization;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Clients;

/// <summary>Asks name servers with programs that are not ours.</summary>
internal static class DnsClientProgram
{
    /// <summary>
    /// Asks with <c>dig</c> from inside a namespace, for at most 30 seconds (a try a second: a server that is still
    /// starting is waited for). Further words, such as <c>+norec</c>, are passed on.
    /// </summary>
    public static async Task<DnsAnswer> DigAsync(
        NetworkNamespace space,
        string server,
        string name,
        string type,
        params string[] more
    )
    {
        ProcessResult result = await space.RunAsync(
            Tool.Dig,
            [$"@{server}", "-r", "+time=1", "+tries=30", "+nocookie", name, type, .. more]
        );
        return Read(result, $"dig @{server} {name} {type}");
    }

    /// <summary>Asks with <c>dig</c> a server at a port of this machine, which leads to one elsewhere; tries as the other does.</summary>
    public static async Task<DnsAnswer> DigAsync(
        int port,
        string name,
        string type,
        params string[] more
    )
    {
        ProcessResult result = await RunningProcess.RunAsync(
            Tool.Dig,
            [
                "@127.0.0.1",
                "-p",
                port.ToString(CultureInfo.InvariantCulture),
                "-r",
                "+time=1",
                "+tries=60",
                "+nocookie",
                name,
                type,
                .. more,
            ],
            TimeSpan.FromSeconds(90)
        );
        return Read(result, $"dig @127.0.0.1 -p {port} {name} {type}");
    }

    /// <summary>Asks with <c>kdig</c> from inside a namespace.</summary>
    public static async Task<DnsAnswer> KdigAsync(
        NetworkNamespace space,
        string server,
        string name,
        string type
    )
    {
        ProcessResult result = await space.RunAsync(
            Tool.Kdig,
            [$"@{server}", "+time=3", "+retry=9", "+edns=0", name, type]
        );
        return Read(result, $"kdig @{server} {name} {type}");
    }

    private static DnsAnswer Read(ProcessResult result, string what)
    {
        DnsAnswer answer = DnsAnswer.Parse(result.Output);
        return answer.Status != "none"
            ? answer
            : throw new TimeoutException($"{what}: no answer\n{result.Output}{result.Errors}");
    }
}
