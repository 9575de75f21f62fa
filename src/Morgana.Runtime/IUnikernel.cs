namespace Morgana.Runtime;

/// <summary>
/// What a unikernel does. The class named as the job in config.cs implements it; its constructor takes the devices in
/// the order of the job's types, and the generated Main starts it when all devices are there.
/// </summary>
public interface IUnikernel
{
    /// <summary>Runs the unikernel on the main loop's thread. The image ends when the task does.</summary>
    /// <returns>The image's exit code, 0 to 255; 0 says that all went well.</returns>
    Task<int> RunAsync();
}
