namespace Morgana.Runtime;

/// <summary>A source of bytes that nobody can predict: identifiers, ports and keys are drawn from it.</summary>
public interface IRandom
{
    /// <summary>Fills <paramref name="destination"/> with cryptographically strong random bytes; never fails, never waits.</summary>
    void Fill(Span<byte> destination);
}
