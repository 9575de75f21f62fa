namespace Morgana.Net;

/// <summary>The versions of the Internet Protocol.</summary>
public enum IpFamily
{
    /// <summary>No address at all.</summary>
    None = 0,

    /// <summary>RFC 791.</summary>
    V4 = 4,

    /// <summary>RFC 8200.</summary>
    V6 = 6,
}
