namespace Morgana.Dns;

/// <summary>What is asked: a name, a type, a class (RFC 1035 section 4.1.2). Equality ignores the case of the name.</summary>
/// <param name="Name">The name asked for.</param>
/// <param name="Type">The type asked for.</param>
/// <param name="Class">The class asked for.</param>
public readonly record struct Question(
    DnsName Name,
    RecordType Type,
    RecordClass Class = RecordClass.Internet
)
{
    /// <summary>As a master file would begin: <c>www.example. IN A</c>.</summary>
    public override string ToString() => $"{Name} {Class.ToText()} {Type.ToText()}";
}
