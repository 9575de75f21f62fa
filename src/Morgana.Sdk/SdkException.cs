namespace Morgana.Sdk;

/// <summary>A mistake that the user can mend; its message says how.</summary>
public sealed class SdkException : Exception
{
    /// <summary>A mistake with its code, MORGANAnnn.</summary>
    public SdkException(string code, string message)
        : base(message) => Code = code;

    /// <summary>A mistake without a code.</summary>
    public SdkException(string message)
        : base(message) { }

    /// <summary>A mistake without a code, with its cause.</summary>
    public SdkException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>An empty one.</summary>
    public SdkException() { }

    /// <summary>The code under which the docs explain it.</summary>
    public string Code { get; } = "MORGANA000";
}
