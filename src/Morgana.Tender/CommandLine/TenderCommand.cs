namespace Morgana.Tender.CommandLine;

/// <summary>What a command line asks for.</summary>
internal enum TenderCommand
{
    /// <summary>Run an image.</summary>
    Run,

    /// <summary><c>--help</c></summary>
    Help,

    /// <summary><c>--version</c></summary>
    Version,
}
