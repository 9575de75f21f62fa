using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>A set of an answer that is being put together, and until when it holds: its TTL in the answer counts down to that.</summary>
internal readonly record struct TimedSet(RecordSet Set, Instant Expires);
