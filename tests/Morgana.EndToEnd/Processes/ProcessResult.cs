namespace Morgana.EndToEnd.Processes;

/// <summary>How a program ended and what it printed.</summary>
internal sealed record ProcessResult(int Code, string Output, string Errors)
{
    /// <summary>Fails, showing what was printed, unless the program ended well.</summary>
    public ProcessResult Succeeded(string what) =>
        Code == 0
            ? this
            : throw new InvalidOperationException(
                $"{what} failed with code {Code}:\n{Output}{Errors}"
            );
}
