using System.Diagnostics.CodeAnalysis;
using Morgana.Runtime;

namespace Morgana.Dns.Tests;

/// <summary>Randomness that is the same in every run.</summary>
internal sealed class SeededRandom(int seed) : IRandom
{
    private readonly Random _random = new(seed);

    [SuppressMessage("Security", "CA5394", Justification = "Tests must repeat.")]
    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
