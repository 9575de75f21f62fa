namespace Morgana.Tender.Hvt;

/// <summary>A guest's hypercall is nothing that its bindings could mean: an address outside of its memory, a call that does not exist.</summary>
/// <param name="message">What it was.</param>
internal sealed class GuestLieException(string message) : Exception(message);
