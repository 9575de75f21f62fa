namespace Morgana.Configuration;

/// <summary>
/// A mistake in config.cs that the compiler cannot see, such as two boot arguments of the same name. The message says
/// what is wrong and what to do; the place is the line of config.cs in the stack trace.
/// </summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>A mistake described by <paramref name="message"/>.</summary>
    public ConfigurationException(string message)
        : base(message) { }

    /// <summary>A mistake described by <paramref name="message"/>, found through another exception.</summary>
    public ConfigurationException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>A mistake without a description.</summary>
    public ConfigurationException()
        : this("The configuration has a mistake.") { }
}
