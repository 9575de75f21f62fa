namespace Morgana.Tender.Spt;

/// <summary>What a command line asks for.</summary>
internal enum SptCommand
{
    /// <summary>Run an image.</summary>
    Run,

    /// <summary><c>--help</c></summary>
    Help,

    /// <summary><c>--version</c></summary>
    Version,
}
