namespace Morgana.Runtime;

/// <summary>Results of the Solo5 interface (native/include/solo5.h).</summary>
internal enum Solo5Result
{
    Ok = 0,
    Again = 1,
    InvalidArgument = 2,
    Unspecified = 3,
}
