using System.Buffers.Binary;
using Morgana.Elf;

namespace Morgana.Tender.Loading;

/// <summary>What an image asks for beyond Solo5 (<c>struct morgana_abi</c> of <c>native/include/morgana_abi.h</c>); see docs/abi.md.</summary>
/// <param name="Grant">Address of the grant; 0: none wanted.</param>
/// <param name="FaultEntry">Address of the fault handler; 0: no faults wanted.</param>
/// <param name="FaultReturn">Address of the code that returns from a fault.</param>
/// <param name="FaultStack">Lowest address of the handler's stack.</param>
/// <param name="FaultStackSize">Its size in bytes.</param>
internal readonly record struct MorganaNote(
    ulong Grant,
    ulong FaultEntry,
    ulong FaultReturn,
    ulong FaultStack,
    ulong FaultStackSize
)
{
    public const string Owner = "Morgana";
    public const uint NoteType = 1;
    public const uint Version = 1;
    public const int DescriptorSize = 48;
    public const int GrantSize = 40;

    public const uint GrantedFaults = 1;
    public const uint GrantedGuards = 2;
    public const uint GrantedSeed = 4;

    /// <summary>Reads the note of an image; its addresses are not checked here.</summary>
    /// <returns>The note, or null when the image has none.</returns>
    /// <exception cref="TenderException">The note is malformed or of another version.</exception>
    /// <exception cref="ElfException">A note segment is malformed.</exception>
    public static MorganaNote? Find(ElfFile file)
    {
        if (file.FindNote("Morgana"u8, NoteType) is not byte[] bytes)
        {
            return null;
        }

        if (bytes.Length < 8)
        {
            throw Invalid(file, $"it has {bytes.Length} bytes, not {DescriptorSize}");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (version != Version)
        {
            throw Invalid(
                file,
                $"its version is {version}, and this tender knows {Version}; use a newer tender"
            );
        }

        if (bytes.Length != DescriptorSize)
        {
            throw Invalid(file, $"it has {bytes.Length} bytes, not {DescriptorSize}");
        }

        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));
        if (flags != 0)
        {
            throw Invalid(
                file,
                $"it has flags 0x{flags:x} that this tender does not know; use a newer tender"
            );
        }

        return new MorganaNote(Field(0), Field(1), Field(2), Field(3), Field(4));

        ulong Field(int index) =>
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8 + 8 * index));
    }

    public static TenderException Invalid(ElfFile file, string why) =>
        new($"{file.Source.Name}: the Morgana note is invalid: {why}");
}
