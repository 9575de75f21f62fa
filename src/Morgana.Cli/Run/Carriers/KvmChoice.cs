using Morgana.Tender.Hvt;

namespace Morgana.Cli.Run.Carriers;

/// <summary>Whether KVM is used: where it works, unless the environment forbids it.</summary>
internal static class KvmChoice
{
    /// <summary>The variable that forbids it with the value 0: for comparisons, and for machines whose KVM is not to be touched.</summary>
    public const string Variable = "MORGANA_KVM";

    /// <summary>Looks at the environment and then at the machine.</summary>
    public static KvmReport Measure() =>
        Environment.GetEnvironmentVariable(Variable) == "0"
            ? new KvmReport(false, $"{Variable}=0 says that KVM is not to be used")
            : KvmProbe.Measure();
}
