namespace Morgana.EndToEnd.Tools;

/// <summary>
/// A program that these tests use. One that is missing fails the test that wants it, with the Debian package to
/// install: a test that quietly did not run would count as passed.
/// </summary>
internal static class Tool
{
    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        ),
        "/usr/local/sbin",
        "/usr/sbin",
        "/sbin",
    ];

    public static string Ip => Find("ip", "iproute2");
    public static string Nsenter => Find("nsenter", "util-linux");
    public static string Setpriv => Find("setpriv", "util-linux");
    public static string Unshare => Find("unshare", "util-linux");
    public static string Ping => Find("ping", "iputils-ping");
    public static string Dig => Find("dig", "bind9-dnsutils");
    public static string Kdig => Find("kdig", "knot-dnsutils");
    public static string Nsd => Find("nsd", "nsd");
    public static string Knotd => Find("knotd", "knot");
    public static string Gdb => Find("gdb-multiarch", "gdb-multiarch");
    public static string Tcpdump => Find("tcpdump", "tcpdump");
    public static string Shell => Find("sh", "dash");

    public static string Find(string name, string package)
    {
        foreach (string folder in Folders)
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new MissingToolException(
            $"The end-to-end tests need '{name}', which is not on this machine. Install it: apt-get install {package}"
        );
    }
}
