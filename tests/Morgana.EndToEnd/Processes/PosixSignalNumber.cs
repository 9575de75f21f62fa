namespace Morgana.EndToEnd.Processes;

/// <summary>The signals that tests send, by their Linux numbers.</summary>
internal enum PosixSignalNumber
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
