using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Properties;

/// <summary>A target on an architecture: runs a property program to its end.</summary>
internal interface IPropertyMachine
{
    /// <summary>The context's name, as in <c>spt-x64</c>.</summary>
    string Context { get; }

    /// <summary>Runs a program with the devices that its image has.</summary>
    Task<ProcessResult> RunAsync(PropertyProgram program);
}
