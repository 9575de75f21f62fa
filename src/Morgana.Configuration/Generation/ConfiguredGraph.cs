using Morgana.Configuration.Graph;

namespace Morgana.Configuration.Generation;

/// <summary>A graph for all the targets and architectures that a unikernel is configured for.</summary>
internal sealed class ConfiguredGraph
{
    /// <exception cref="ConfigurationException">What is left for one of the targets contradicts itself, or an architecture has no target.</exception>
    public ConfiguredGraph(
        UnikernelGraph graph,
        KeyValues values,
        Architectures? architectures = null
    )
    {
        Graph = graph;
        Values = values;
        Architectures = architectures ?? Architectures.Default;
        Targets = graph.TargetsOf(values);
        ByTarget = [.. Targets.Select(target => new EvaluatedGraph(graph, values, target))];
        Needs =
        [
            .. ByTarget
                .SelectMany(evaluated => evaluated.Needs)
                .Distinct()
                .OrderBy(n => n.Kind)
                .ThenBy(n => n.Name, StringComparer.Ordinal),
        ];
        // The IL is one for all targets, and with it the packages.
        string? twice = Needs
            .Where(n => n.Kind == NeedKind.Package)
            .GroupBy(n => n.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(g => g.Count() > 1)
            ?.Key;
        if (twice is not null)
        {
            throw new ConfigurationException(
                $"The package '{twice}' is needed in two versions by different targets: agree on one."
            );
        }

        foreach (Target target in Targets)
        {
            if (target.ArchitecturesAmong(Architectures.Names).Count == 0)
            {
                throw new ConfigurationException(
                    $"The target {target} has no bindings for {string.Join(" or ", Architectures.Names)}, only for {string.Join(" and ", target.Architectures)}: add one with --arch."
                );
            }
        }
    }

    public UnikernelGraph Graph { get; }

    public KeyValues Values { get; }

    public Architectures Architectures { get; }

    /// <summary>The targets, the one that was named first first.</summary>
    public IReadOnlyList<Target> Targets { get; }

    /// <summary>The graph for each target, in their order.</summary>
    public IReadOnlyList<EvaluatedGraph> ByTarget { get; }

    /// <summary>What the build must have, for any of the targets, by kind and name.</summary>
    public IReadOnlyList<Need> Needs { get; }

    /// <summary>The different programs that there are to make, in the order of their first targets.</summary>
    public IReadOnlyList<IReadOnlyList<EvaluatedGraph>> Programs
    {
        get
        {
            List<List<EvaluatedGraph>> programs = [];
            foreach (EvaluatedGraph evaluated in ByTarget)
            {
                List<EvaluatedGraph>? same = programs.Find(p => p[0].IsSameProgram(evaluated));
                if (same is null)
                {
                    programs.Add([evaluated]);
                }
                else
                {
                    same.Add(evaluated);
                }
            }

            return programs;
        }
    }

    /// <summary>The images that a build makes: target, architecture and file name in dist/, in the order of targets and architectures.</summary>
    public IEnumerable<(Target Target, string Architecture, string Image)> Images() =>
        ImagesOf(Graph.Name, Targets, Architectures.Names);

    /// <inheritdoc cref="Images()"/>
    public static IEnumerable<(Target Target, string Architecture, string Image)> ImagesOf(
        string unikernel,
        IEnumerable<Target> targets,
        IReadOnlyList<string> architectures
    ) =>
        from target in targets
        let own = target.ArchitecturesAmong(architectures)
        from architecture in own
        select (target, architecture, target.ImageName(unikernel, architecture, own));
}
