namespace Morgana.Dns;

/// <summary>An answer out of a local zone.</summary>
/// <param name="Code">NOERROR or NXDOMAIN.</param>
/// <param name="Set">The set; null for a denial.</param>
/// <param name="Soa">The zone's SOA.</param>
internal readonly record struct LocalAnswer(ResponseCode Code, RecordSet? Set, RecordSet Soa);
