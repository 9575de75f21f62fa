using Morgana.Cli.Configure;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration;
using Morgana.Configuration.Graph;
using static Morgana.Configuration.Devices;

namespace Morgana.Cli.Tests;

/// <summary>The folder of a unikernel of its own for one test, and the tool that runs in it.</summary>
internal sealed class UnikernelSandbox : IDisposable
{
    public UnikernelSandbox()
    {
        Root = Directory.CreateTempSubdirectory("morgana-test-").FullName;
        File.WriteAllText(Path("config.cs"), "// Its graph is already known: see Know.\n");
    }

    /// <summary>Full path of the folder.</summary>
    public string Root { get; }

    /// <summary>What the last command printed as its result.</summary>
    public string Out { get; private set; } = "";

    /// <summary>What the last command said.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The root of the checkout that the tests were built from.</summary>
    public static string Checkout
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (
                folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Morgana.slnx"))
            )
            {
                folder = System.IO.Path.GetDirectoryName(folder);
            }

            return folder
                ?? throw new InvalidOperationException("The tests run outside the checkout.");
        }
    }

    /// <summary>A job with one choice on a key and one on the target.</summary>
    public static IDevice<IJob> SampleJob
    {
        get
        {
            FlagKey network = Key.Flag("network", "whether there is one");
            IDevice<IUdp> none = Define<IUdp>("none", "new Sample.NoUdp()").Apply();
            return Job<IUdp, string>("Sample.SampleUnikernel")
                .Apply(
                    If(network, GenericIpv4Stack(DefaultNetwork()), none),
                    Key.OneOf("mode", "how it works", "fast", "slow")
                );
        }
    }

    public string Path(string file) => System.IO.Path.Combine(Root, file);

    public string Read(string file) => File.ReadAllText(Path(file));

    /// <summary>Lets the tool believe that it has run config.cs and got this graph: running it takes seconds.</summary>
    public void Know(IDevice<IJob> job, params string[] inputs) =>
        new GraphCache(UnikernelFolder.Open(Root, null)).Write(
            UnikernelGraph.From("sample", "A sample.", job.Node, [], inputs)
        );

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(params string[] arguments)
    {
        await using StringWriter output = new();
        await using StringWriter error = new();
        int exit = await Application.RunAsync(
            // These would move the whole test process to the folder; none of the tests needs it.
            arguments is ["run" or "spt" or "elf", ..]
                ? arguments
                : ["-C", Root, .. arguments],
            new Terminal { Out = output, Error = error }
        );
        Out = output.ToString();
        Error = error.ToString();
        return exit;
    }

    /// <summary>The files below the folder but for the tool's notes, with the times of their last change.</summary>
    public SortedDictionary<string, DateTime> Snapshot() =>
        new(
            Directory
                .EnumerateFiles(Root, "*", SearchOption.AllDirectories)
                .Where(file => !file.StartsWith(Path("obj"), StringComparison.Ordinal))
                .ToDictionary(
                    file => System.IO.Path.GetRelativePath(Root, file),
                    File.GetLastWriteTimeUtc
                ),
            StringComparer.Ordinal
        );

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
