using System.Buffers.Binary;
using Morgana.Elf;
using Morgana.Tender.Loading;
using Morgana.Tender.Spt;

namespace Morgana.Tender.Tests.Hostile;

/// <summary>
/// Makes wrong images of right ones. It knows where the fields lie that a loader believes (headers, segments, notes, the manifest's entries) and puts
/// there what breaks loaders; and it damages bytes at random as well. The same number gives the same image.
/// </summary>
internal static class ImageMutator
{
    private static readonly ulong[] Numbers =
    [
        0,
        1,
        2,
        3,
        7,
        8,
        0x1000,
        0xfff,
        0x1001,
        0x10000,
        0xfffff,
        0x100000,
        0x100001,
        0x200000,
        0x7fffffff,
        0x80000000,
        0xffffffff,
        0x1_0000_0000,
        0xffff_ffff_f000,
        0x7fff_ffff_ffff_ffff,
        0x8000_0000_0000_0000,
        0xffff_ffff_fff0_0000,
        0xffff_ffff_ffff_f000,
        0xffff_ffff_ffff_ffff,
    ];

    /// <summary>Right images: what the tests' guests are, with devices and notes.</summary>
    public static IReadOnlyList<byte[]> Originals { get; } =
    [
        Original(AbiTarget.Spt, ElfMachine.X64, asking: true),
        Original(AbiTarget.Spt, ElfMachine.X64, asking: false),
        Original(AbiTarget.Hvt, ElfMachine.X64, asking: true),
        Original(AbiTarget.Hvt, ElfMachine.Arm64, asking: false),
        Original(AbiTarget.Spt, ElfMachine.X64, asking: true, devices: false),
    ];

    /// <summary>Makes the image of a number.</summary>
    public static byte[] Make(int number)
    {
        // Not for secrets: the same number must give the same image everywhere.
        Random random = new(number);
        byte[] image = (byte[])Originals[random.Next(Originals.Count)].Clone();
        int changes = random.Next(1, 5);
        for (int i = 0; i < changes; i++)
        {
            image = Change(image, random);
        }

        return image;
    }

    private static byte[] Original(
        AbiTarget target,
        ElfMachine machine,
        bool asking,
        bool devices = true
    )
    {
        byte[] code = new GuestCode().Exit(0).At(GuestCode.Base + 0x400).Bytes;
        ElfImageWriter writer = TestImage
            .Empty(target: target, machine: machine)
            .Load(TestImage.Code, GuestCode.Base, code)
            .Load(ElfSegmentFlags.Read, GuestCode.Base + 0x10000, new byte[300])
            .Load(TestImage.Data, GuestCode.Data, new byte[100], memorySize: 0x10000)
            .With(
                devices
                    ?
                    [
                        new ManifestDevice("service", DeviceType.NetBasic),
                        new ManifestDevice("storage", DeviceType.BlockBasic),
                        new ManifestDevice("other", DeviceType.NetBasic),
                    ]
                    : []
            );
        if (asking)
        {
            bool faults = target == AbiTarget.Spt;
            writer = writer.With(
                new MorganaNote(
                    GuestCode.Data,
                    faults ? GuestCode.Base + 0x200 : 0,
                    faults ? GuestCode.Base + 0x300 : 0,
                    faults ? GuestCode.Data + 0x1000 : 0,
                    faults ? 0x8000U : 0
                )
            );
        }

        return writer.Write();
    }

    private static byte[] Change(byte[] image, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                return image[..random.Next(image.Length + 1)];
            case 1:
                byte[] longer = new byte[image.Length + random.Next(1, 5000)];
                image.CopyTo(longer, 0);
                return longer;
            case 2:
                for (int i = random.Next(1, 9); i > 0 && image.Length > 0; i--)
                {
                    image[random.Next(image.Length)] = (byte)random.Next(256);
                }

                return image;
            case 3:
                return SwapSegments(image, random);
            case 4:
            case 5:
                return Put(image, Pick(HeaderFields, random), random);
            case 6:
            case 7:
                int segment = 64 + 56 * random.Next(8);
                (int offset, int size) = Pick(SegmentFields, random);
                return Put(image, (segment + offset, size), random);
            default:
                return PutIntoNote(image, random);
        }
    }

    // e_type, e_machine, e_version, e_entry, e_phoff, e_shoff, e_flags, e_ehsize, e_phentsize, e_phnum, and the identification.
    private static readonly (int Offset, int Size)[] HeaderFields =
    [
        (4, 1),
        (5, 1),
        (6, 1),
        (16, 2),
        (18, 2),
        (20, 4),
        (24, 8),
        (32, 8),
        (40, 8),
        (48, 4),
        (52, 2),
        (54, 2),
        (56, 2),
        (56, 2),
    ];

    // p_type, p_flags, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align.
    private static readonly (int Offset, int Size)[] SegmentFields =
    [
        (0, 4),
        (4, 4),
        (8, 8),
        (16, 8),
        (24, 8),
        (32, 8),
        (40, 8),
        (48, 8),
    ];

    private static (int Offset, int Size) Pick((int, int)[] fields, Random random) =>
        fields[random.Next(fields.Length)];

    private static byte[] Put(byte[] image, (int Offset, int Size) field, Random random)
    {
        if (field.Offset + field.Size > image.Length)
        {
            return image;
        }

        Span<byte> at = image.AsSpan(field.Offset, field.Size);
        Span<byte> value = stackalloc byte[8];
        value.Clear();
        at.CopyTo(value);
        ulong old = BinaryPrimitives.ReadUInt64LittleEndian(value);
        ulong wrong = random.Next(4) switch
        {
            0 => old + (ulong)random.NextInt64(-4096, 4097),
            1 => old ^ (1UL << random.Next(field.Size * 8)),
            2 => Numbers[random.Next(Numbers.Length)] - old,
            _ => Numbers[random.Next(Numbers.Length)],
        };
        BinaryPrimitives.WriteUInt64LittleEndian(value, wrong);
        value[..field.Size].CopyTo(at);
        return image;
    }

    private static byte[] SwapSegments(byte[] image, Random random)
    {
        int from = 64 + 56 * random.Next(7);
        int to = 64 + 56 * random.Next(7);
        if (Math.Max(from, to) + 56 <= image.Length)
        {
            byte[] segment = image[from..(from + 56)];
            image.AsSpan(to, 56).CopyTo(image.AsSpan(from));
            if (random.Next(2) == 0)
            {
                segment.CopyTo(image.AsSpan(to));
            }
        }

        return image;
    }

    // A note begins with the sizes of its name and of its content, and its type; all there is behind are fields of 4 bytes.
    private static byte[] PutIntoNote(byte[] image, Random random)
    {
        ReadOnlySpan<byte> owner = random.Next(3) == 0 ? "Morgana\0"u8 : "Solo5\0"u8;
        int from = image.Length == 0 ? 0 : random.Next(image.Length);
        int found = image.AsSpan(from).IndexOf(owner);
        found = found < 0 ? image.AsSpan().IndexOf(owner) : from + found;
        return found < 12
            ? image
            : Put(image, (found - 12 + 4 * random.Next(90), random.Next(2) == 0 ? 4 : 8), random);
    }
}
