namespace Morgana.Dns;

/// <summary>
/// How far data is to be believed, from where in which message it came (RFC 2181 section 5.4.1). Data of a higher rank
/// replaces data of a lower one, never the other way while the higher is fresh. Glue and referrals are not in this list: they are kept
/// apart, as <see cref="Delegation"/>, and are never given to clients.
/// </summary>
internal enum Credibility : byte
{
    /// <summary>The authority section of an answer with AA.</summary>
    AuthoritativeAuthority = 1,

    /// <summary>The answer section of an answer without AA, by a server to which the zone was delegated.</summary>
    NonAuthoritativeAnswer = 2,

    /// <summary>The answer section of an answer with AA, or its denial.</summary>
    AuthoritativeAnswer = 3,
}
