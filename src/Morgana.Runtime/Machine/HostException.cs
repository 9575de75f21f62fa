namespace Morgana.Runtime;

/// <summary>
/// The machine or its host has not what the program needs: a device is not attached, a port is taken. The message is for whoever
/// started the program and says what to do; <see cref="Machine.Run"/> shows it without a stack trace.
/// </summary>
public sealed class HostException : InvalidOperationException
{
    /// <summary>A refusal described by <paramref name="message"/>.</summary>
    public HostException(string message)
        : base(message) { }

    /// <summary>A refusal described by <paramref name="message"/>, found through another exception.</summary>
    public HostException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>A refusal without a description.</summary>
    public HostException()
        : this("The host refused.") { }
}
