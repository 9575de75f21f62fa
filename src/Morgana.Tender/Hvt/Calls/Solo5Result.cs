namespace Morgana.Tender.Hvt;

/// <summary>What a call of the Solo5 API returns (<c>solo5_result_t</c>).</summary>
internal enum Solo5Result
{
    Ok = 0,
    Again = 1,
    Invalid = 2,
    Unspecified = 3,
}
