using System.Globalization;

namespace Morgana.Configuration.Graph;

/// <summary>What all the typed definitions have in common: the shape of the device, waiting for its inputs.</summary>
internal sealed class Definition
{
    private readonly DeviceNode _shape;

    private Definition(DeviceNode shape) => _shape = shape;

    public static Definition Of<TResult>(
        string name,
        string expression,
        int inputs,
        ReadOnlySpan<Need> needs
    )
    {
        NameRules.CheckVariable(name);
        // The expression is filled in once here, so that a mistake in it is told at the line that makes the definition.
        _ = Template.Fill(
            expression,
            [.. Enumerable.Range(0, inputs).Select(i => i.ToString(CultureInfo.InvariantCulture))]
        );
        return new Definition(
            new DeviceNode
            {
                Name = name,
                Type = TypeName.Of<TResult>(),
                Expression = expression,
                Needs = needs.ToArray(),
            }
        );
    }

    public static Definition OfJob(string className, int inputs, ReadOnlySpan<Need> needs)
    {
        NameRules.CheckClass(className);
        string parameters = string.Join(", ", Enumerable.Range(0, inputs).Select(i => $"{{{i}}}"));
        return new Definition(
            new DeviceNode
            {
                Name = "unikernel",
                Type = TypeName.Of<IJob>(),
                Expression = $"new global::{className}({parameters})",
                Needs = needs.ToArray(),
                IsJob = true,
            }
        );
    }

    public Node Apply(params Node[] inputs) => new(_shape, inputs);
}
