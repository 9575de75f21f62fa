using Morgana.Build.Plans;

namespace Morgana.Build.Reporting;

/// <summary>Is told how a build goes on. Calls come from several threads, one at a time.</summary>
public interface IBuildReporter
{
    /// <summary>An action's program is about to run.</summary>
    void Starting(BuildAction action);

    /// <summary>An action is done, well or not.</summary>
    void Done(ActionReport report);
}
