namespace Morgana.Dns;

/// <summary>Which names in the data of a record lead a client to ask for addresses next (RFC 1035 section 3.3, RFC 2782, RFC 9460 section 4.1).</summary>
internal static class AdditionalData
{
    public static bool TryGetTarget(RDataView data, out DnsNameView target)
    {
        switch (data.Type)
        {
            case RecordType.Ns:
                return data.TryGetName(out target);
            case RecordType.Mx when MxData.TryRead(data, out MxData mx):
                target = mx.Exchange;
                return true;
            case RecordType.Srv when SrvData.TryRead(data, out SrvData srv):
                target = srv.Target;
                return true;
            case RecordType.Svcb or RecordType.Https when SvcbData.TryRead(data, out SvcbData svcb):
                target = svcb.Target;
                return true;
            default:
                target = default;
                return false;
        }
    }
}
