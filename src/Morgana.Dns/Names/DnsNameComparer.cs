namespace Morgana.Dns;

/// <summary>
/// Lets a dictionary of <see cref="DnsName"/> be searched with a <see cref="DnsNameView"/>, without making a name of it:
/// <c>dictionary.GetAlternateLookup&lt;DnsNameView&gt;()</c>.
/// </summary>
public sealed class DnsNameComparer
    : IEqualityComparer<DnsName>,
        IAlternateEqualityComparer<DnsNameView, DnsName>
{
    private DnsNameComparer() { }

    /// <summary>The one comparer; it has no state.</summary>
    public static DnsNameComparer Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(DnsName x, DnsName y) => x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode(DnsName obj) => obj.GetHashCode();

    /// <inheritdoc/>
    public bool Equals(DnsNameView alternate, DnsName other) => alternate.Equals(other);

    /// <inheritdoc/>
    public int GetHashCode(DnsNameView alternate) => alternate.GetHashCode();

    /// <inheritdoc/>
    public DnsName Create(DnsNameView alternate) => alternate.ToName();
}
