using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>The last line of config.cs: hands the unikernel to the <c>morgana</c> tool.</summary>
public static class Project
{
    /// <summary>The option of config.cs, not for users, after which the tool names the file that the graph is written to.</summary>
    internal const string GraphOption = "--morgana-graph";

    private static readonly List<string> DeclaredInputs = [];
    private static readonly List<Target> OwnTargets = [];

    /// <summary>Makes a target of your own known, so that <c>morgana configure -t NAME</c> takes it; say so before <see cref="Register"/>.</summary>
    /// <param name="target">The target; its name must be new.</param>
    /// <returns>The same target, for choices on <see cref="Key.Target"/>.</returns>
    /// <exception cref="ConfigurationException">The name is taken.</exception>
    public static Target AddTarget(Target target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (Target.BuiltIn.Concat(OwnTargets).Contains(target))
        {
            throw new ConfigurationException(
                $"There is a target '{target.Name}' already: give yours another name."
            );
        }

        OwnTargets.Add(target);
        return target;
    }

    /// <summary>Tells the tool that config.cs reads a file, so that a change to it is a change to the configuration.</summary>
    /// <param name="path">The file, relative to the folder of config.cs, where the tool runs it.</param>
    /// <returns>The same path, to be read.</returns>
    public static string Input(string path)
    {
        DeclaredInputs.Add(path);
        return path;
    }

    /// <summary>Registers the unikernel.</summary>
    /// <param name="name">Its name and that of its image: lower-case letters, digits and hyphens.</param>
    /// <param name="job">What it does.</param>
    /// <param name="args">The arguments of config.cs: the tool speaks to it through them.</param>
    /// <param name="description">What it is in a sentence, for its <c>--help</c>.</param>
    /// <param name="keys">
    /// Keys made elsewhere, in a library of yours for many configurations. Those that config.cs makes need no mention, whether a choice hangs on them or only
    /// the unikernel's own code reads them from <c>Morgana.Generated.Keys</c>.
    /// </param>
    /// <returns>The exit code of config.cs.</returns>
    public static int Register(
        string name,
        IDevice<IJob> job,
        string[] args,
        string description = "",
        params ReadOnlySpan<Key> keys
    )
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(description);
        List<KeyShape> shapes = [.. Key.Made];
        foreach (Key key in keys)
        {
            shapes.Add(key.Shape);
        }

        UnikernelGraph graph = UnikernelGraph.From(
            name,
            description,
            job.Node,
            shapes,
            DeclaredInputs,
            OwnTargets
        );
        if (args is [GraphOption, string path])
        {
            File.WriteAllText(path, graph.ToJson());
            return 0;
        }

        // Run by hand, config.cs shows what it says: the same as `morgana describe`.
        Console.Out.Write(Generation.GraphText.Print(graph, null));
        Console.Error.WriteLine("Nothing was configured: run `morgana configure` for that.");
        return 0;
    }
}
