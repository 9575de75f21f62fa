namespace Morgana.Dns;

/// <summary>A server address that a question may be sent to.</summary>
internal sealed class Candidate(ServerRecord server)
{
    public ServerRecord Server { get; } = server;

    /// <summary>Questions sent to it at this zone.</summary>
    public int Tries { get; set; }

    /// <summary>It was lame, failed, or was tried often enough.</summary>
    public bool IsDone { get; set; }

    /// <summary>How large an answer it was told that fits, as an index into <see cref="Resolution.PayloadSizes"/>.</summary>
    public int PayloadStep { get; set; }
}
