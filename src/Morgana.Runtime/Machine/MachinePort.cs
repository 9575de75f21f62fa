using System.Diagnostics.CodeAnalysis;

namespace Morgana.Runtime;

/// <summary>Chooses the port: the compiler of an image knows which it is, and leaves the other one out.</summary>
internal static class MachinePort
{
    /// <summary>True in a sealed image; the SDK sets the switch when it compiles one.</summary>
    [FeatureSwitchDefinition("Morgana.Runtime.IsUnikernel")]
    internal static bool IsUnikernel =>
        AppContext.TryGetSwitch("Morgana.Runtime.IsUnikernel", out bool value) && value;

    /// <summary>The target's name, without opening anything.</summary>
    public static string Target => IsUnikernel ? BindingsPort.TargetName : HostPort.TargetName;

    /// <summary>Opens the machine.</summary>
    /// <param name="arguments">What Main was given; options that are the machine's own are taken away.</param>
    public static IMachinePort Open(ref string[] arguments) =>
        IsUnikernel ? new BindingsPort() : HostPort.Open(ref arguments);

    /// <summary>Where to say that the machine cannot be opened. An image has one console, and not the tenth of its code that System.Console is.</summary>
    public static Stream OpenErrors() =>
        IsUnikernel ? new BindingsConsole() : Console.OpenStandardError();
}
