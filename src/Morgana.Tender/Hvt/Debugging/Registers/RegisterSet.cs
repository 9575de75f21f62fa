using System.Globalization;
using System.Text;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// The registers of an architecture: their numbers, their places in the bytes that stand for all of them, and the description
/// that tells a debugger of them (<c>target.xml</c>).
/// </summary>
internal sealed class RegisterSet
{
    private readonly RegisterDescription[] registers;
    private readonly int[] offsets;

    /// <summary>Lays registers out, one behind the other.</summary>
    /// <param name="architecture">The architecture's name in gdb.</param>
    /// <param name="programCounter">The name of the program counter, which has 64 bits.</param>
    /// <param name="features">The registers.</param>
    public RegisterSet(
        string architecture,
        string programCounter,
        IReadOnlyList<RegisterFeature> features
    )
    {
        registers = [.. features.SelectMany(feature => feature.Registers)];
        offsets = new int[registers.Length];
        for (int i = 0; i < registers.Length; i++)
        {
            offsets[i] = Size;
            Size += registers[i].Size;
        }

        ProgramCounter = OffsetOf(programCounter);
        Description = Describe(architecture, features);
    }

    /// <summary>How many registers there are.</summary>
    public int Count => registers.Length;

    /// <summary>Bytes of all registers.</summary>
    public int Size { get; }

    /// <summary>Where the program counter lies.</summary>
    public int ProgramCounter { get; }

    /// <summary>The target description, in UTF-8.</summary>
    public byte[] Description { get; }

    /// <summary>The place of a register.</summary>
    /// <param name="number">From 0.</param>
    public (int Offset, int Size) this[int number] => (offsets[number], registers[number].Size);

    /// <summary>The place of a register that exists.</summary>
    public int OffsetOf(string name) => offsets[NumberOf(name)];

    /// <summary>Bytes of a register that exists.</summary>
    public int SizeOf(string name) => registers[NumberOf(name)].Size;

    /// <summary>Whether a register exists.</summary>
    public bool Has(string name) => Array.Exists(registers, register => register.Name == name);

    private int NumberOf(string name)
    {
        int number = Array.FindIndex(registers, register => register.Name == name);
        return number >= 0
            ? number
            : throw new ArgumentException($"there is no register {name}", nameof(name));
    }

    private static byte[] Describe(string architecture, IReadOnlyList<RegisterFeature> features)
    {
        StringBuilder xml = new(
            $"""
            <?xml version="1.0"?>
            <!DOCTYPE target SYSTEM "gdb-target.dtd">
            <target version="1.0">
            <architecture>{architecture}</architecture>

            """
        );
        int number = 0;
        foreach (RegisterFeature feature in features)
        {
            _ = xml.Append(
                CultureInfo.InvariantCulture,
                $"<feature name=\"{feature.Name}\">\n{feature.Types}"
            );
            foreach (RegisterDescription register in feature.Registers)
            {
                _ = xml.Append(
                    CultureInfo.InvariantCulture,
                    $"<reg name=\"{register.Name}\" bitsize=\"{register.Bits}\" type=\"{register.Type}\" regnum=\"{number++}\"/>\n"
                );
            }

            _ = xml.Append("</feature>\n");
        }

        return Encoding.UTF8.GetBytes(xml.Append("</target>\n").ToString());
    }
}
