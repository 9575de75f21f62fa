using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>What became of a question.</summary>
internal sealed class Outcome
{
    public required ResponseCode Code { get; init; }

    /// <summary>CNAMEs in order, then the set asked for, if there is one.</summary>
    public IReadOnlyList<TimedSet> Chain { get; init; } = [];

    /// <summary>For denials, the zone's SOA.</summary>
    public RecordSet? Soa { get; init; }

    /// <summary>Until when the denial holds.</summary>
    public Instant SoaExpires { get; init; }

    /// <summary>Why it failed (RFC 8914).</summary>
    public ExtendedErrorCode? Error { get; init; }

    /// <summary>More on that, in ASCII.</summary>
    public string Detail { get; init; } = "";

    public static Outcome Failed(ExtendedErrorCode error, string detail) =>
        new()
        {
            Code = ResponseCode.ServerFailure,
            Error = error,
            Detail = detail,
        };
}
