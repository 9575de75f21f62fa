namespace Morgana.Tender.Hvt.Debugging;

/// <summary>A group of registers that debuggers know by name ("Standard Target Features" of gdb).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Types">Definitions of the types that its registers have, as elements of a target description.</param>
/// <param name="Registers">Its registers, in the order of their numbers.</param>
internal sealed record RegisterFeature(
    string Name,
    string Types,
    IReadOnlyList<RegisterDescription> Registers
);
