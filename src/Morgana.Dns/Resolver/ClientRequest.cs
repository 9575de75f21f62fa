namespace Morgana.Dns;

/// <summary>What of a client's message decides how its answer looks, beside the question.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Opcode">Its opcode.</param>
/// <param name="Edns">Whether it had an OPT record.</param>
/// <param name="PayloadSize">The largest answer that it takes, in bytes, 512 to 65535.</param>
internal readonly record struct ClientRequest(
    ushort Id,
    HeaderFlags Flags,
    Opcode Opcode,
    bool Edns,
    int PayloadSize
)
{
    public bool RecursionDesired => (Flags & HeaderFlags.RecursionDesired) != 0;
}
