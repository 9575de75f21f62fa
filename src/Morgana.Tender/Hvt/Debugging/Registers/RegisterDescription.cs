namespace Morgana.Tender.Hvt.Debugging;

/// <summary>A register as a debugger knows it.</summary>
/// <param name="Name">Its name in gdb's standard features.</param>
/// <param name="Bits">Its width.</param>
/// <param name="Type">Its type in a target description.</param>
internal readonly record struct RegisterDescription(string Name, int Bits, string Type)
{
    /// <summary>Its width in bytes.</summary>
    public int Size => Bits / 8;
}
