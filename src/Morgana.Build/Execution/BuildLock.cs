namespace Morgana.Build.Execution;

/// <summary>Lets one build at a time work in a folder; another one waits.</summary>
public sealed class BuildLock : IDisposable
{
    private readonly FileStream file;

    private BuildLock(FileStream file) => this.file = file;

    /// <summary>Waits until no other build works in the folder.</summary>
    /// <param name="stateFolder">The plan's folder.</param>
    /// <param name="waiting">Is called once when there is something to wait for.</param>
    /// <param name="cancelled">Ends the wait.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static async Task<BuildLock> TakeAsync(
        string stateFolder,
        Action waiting,
        CancellationToken cancelled
    )
    {
        ArgumentNullException.ThrowIfNull(waiting);
        _ = Directory.CreateDirectory(stateFolder);
        string path = Path.Combine(stateFolder, "lock");
        bool told = false;
        while (true)
        {
            try
            {
                return new BuildLock(
                    new FileStream(
                        path,
                        FileMode.OpenOrCreate,
                        FileAccess.ReadWrite,
                        FileShare.None,
                        1
                    )
                );
            }
            catch (IOException e) when (IsHeld(e))
            {
                // The other build has it. Systems tell nobody when a lock is free.
                if (!told)
                {
                    waiting();
                    told = true;
                }
            }

            await Task.Delay(100, cancelled).ConfigureAwait(false);
        }
    }

    /// <summary>Any other failure lasts: a folder that cannot be written would be waited for for ever.</summary>
    private static bool IsHeld(IOException e) =>
        e.HResult
            is 11 // EAGAIN of Linux
                or 35 // EAGAIN of macOS
                or unchecked((int)0x80070020); // ERROR_SHARING_VIOLATION

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
