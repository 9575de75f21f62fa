namespace Morgana.Tender;

/// <summary>A tender refuses to run an image. The message says what is wrong, where, and what to do; it is for the user as it stands.</summary>
public sealed class TenderException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public TenderException()
        : base("the image cannot be run") { }

    /// <summary>Makes an exception with a message for people.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public TenderException(string message)
        : base(message) { }

    /// <summary>Makes an exception with a message for people and what led to it.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public TenderException(string message, Exception innerException)
        : base(message, innerException) { }
}
