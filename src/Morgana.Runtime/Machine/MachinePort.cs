using System.Diagnostics.CodeAnalysis;

namespace Morgana.Runtime;

/// <summary>Chooses the port: the compiler of an image knows which it is, and leaves the other one out.</summary>
internal static class MachinePort
{
    /// <summary>True in a sealed image; the SDK sets the switch when it compiles one.</summary>
    [FeatureSwitchDefinition("Morgana.Runtime.IsUnikernel")]
    internal static bool IsUnikernel =>
        AppContext.TryGetSwitch("Morgana.Runtime.IsUnikernel", out bool value) && value;

    public static IMachinePort Open() => IsUnikernel ? new BindingsPort() : new HostPort();
}
