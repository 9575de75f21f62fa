using Morgana.Cli.Run.Images;
using Morgana.Cli.Run.Reporting;
using Morgana.Elf;

namespace Morgana.Cli.Run.Carriers;

/// <summary>The program that carries an image of a target: a tender or an emulator.</summary>
internal interface ICarrier
{
    /// <summary>What it is, for messages.</summary>
    string Name { get; }

    /// <summary>Looks whether this machine can run the image, before anything is made for it.</summary>
    /// <param name="image">The image file.</param>
    /// <param name="note">Takes what the user should know; null where it has been said already.</param>
    /// <exception cref="RunException">It cannot; the message says why and what can be done instead.</exception>
    void Prepare(string image, Action<string>? note);

    /// <summary>The words that start it, the program first.</summary>
    /// <param name="devices">The image's devices, in its order.</param>
    /// <param name="image">The image file.</param>
    /// <param name="made">The network device that <c>run</c> made and its TAP, or null.</param>
    IReadOnlyList<string> Command(
        IReadOnlyList<ManifestDevice> devices,
        string image,
        DeviceArgument? made
    );

    /// <summary>Whether it may have this process's standard input. Images read none; an emulator would put a terminal into its own mode.</summary>
    bool KeepsInput { get; }

    /// <summary>What its exit code says of the image's.</summary>
    /// <param name="code">Its exit code.</param>
    /// <param name="stopped">Whether it was asked to end.</param>
    /// <exception cref="RunException">It says that it has not run the image.</exception>
    int ExitCode(int code, bool stopped);
}
