namespace Morgana.Tender.Seccomp;

/// <summary>A condition on an argument of a system call, over all 64 bits of it.</summary>
/// <param name="Index">Which argument, from 0 to 5.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what.</param>
internal readonly record struct ArgumentCheck(int Index, Comparison Comparison, ulong Value)
{
    public static ArgumentCheck Is(int index, ulong value) => new(index, Comparison.Equal, value);

    public static ArgumentCheck AtMost(int index, ulong value) =>
        new(index, Comparison.AtMost, value);

    public static ArgumentCheck AtLeast(int index, ulong value) =>
        new(index, Comparison.AtLeast, value);

    /// <summary>The argument is a multiple of a power of two of at most 2^32.</summary>
    public static ArgumentCheck MultipleOf(int index, uint power) =>
        new(index, Comparison.NoBitsOf, power - 1UL);

    /// <summary>What the filter decides, in C#; the tests compare the two.</summary>
    public bool Holds(ulong argument) =>
        Comparison switch
        {
            Comparison.Equal => argument == Value,
            Comparison.AtMost => argument <= Value,
            Comparison.AtLeast => argument >= Value,
            _ => (argument & Value) == 0,
        };

    public override string ToString() =>
        Comparison switch
        {
            Comparison.Equal => $"arg{Index} == 0x{Value:x}",
            Comparison.AtMost => $"arg{Index} <= 0x{Value:x}",
            Comparison.AtLeast => $"arg{Index} >= 0x{Value:x}",
            _ => $"arg{Index} & 0x{Value:x} == 0",
        };
}
