using System.Buffers.Binary;
using CsCheck;

namespace Morgana.Elf.Tests;

public sealed class ManifestNoteTests
{
    internal static readonly Gen<Manifest> Manifests = Gen.Select(
            Gen.String[Gen.Char.AlphaNumeric, 1, ManifestDevice.LongestName],
            Gen.Bool,
            (name, net) =>
                new ManifestDevice(name, net ? DeviceType.NetBasic : DeviceType.BlockBasic)
        )
        .List[0, Manifest.MostDevices]
        .Select(devices => new Manifest([.. devices.Distinct()]));

    private static string Refused(Manifest manifest, Action<byte[]> change)
    {
        byte[] descriptor = ManifestNote.Encode(manifest);
        change(descriptor);
        return Assert.Throws<ElfException>(() => ManifestNote.Decode(descriptor, "x.spt")).Message;
    }

    private static Manifest Two() =>
        new([new("service", DeviceType.NetBasic), new("disk", DeviceType.BlockBasic)]);

    [Fact]
    public void The_bytes_are_those_of_mft_abi()
    {
        byte[] descriptor = ManifestNote.Encode(Two());
        Assert.Equal(4 + 8 + 3 * 104, descriptor.Length);
        Assert.Equal(1, BinaryPrimitives.ReadInt32LittleEndian(descriptor.AsSpan(4)));
        Assert.Equal(3, BinaryPrimitives.ReadInt32LittleEndian(descriptor.AsSpan(8)));
        Assert.Equal(1 << 30, BinaryPrimitives.ReadInt32LittleEndian(descriptor.AsSpan(12 + 68)));
        Assert.Equal("service\0"u8.ToArray(), descriptor.AsSpan(12 + 104, 8).ToArray());
        Assert.Equal(2, BinaryPrimitives.ReadInt32LittleEndian(descriptor.AsSpan(12 + 104 + 68)));
        Assert.Equal("disk\0"u8.ToArray(), descriptor.AsSpan(12 + 208, 5).ToArray());
        Assert.Equal(1, BinaryPrimitives.ReadInt32LittleEndian(descriptor.AsSpan(12 + 208 + 68)));
    }

    [Fact]
    public void Any_manifest_survives_the_note() =>
        Manifests.Sample(
            manifest =>
                ManifestNote
                    .Decode(ManifestNote.Encode(manifest), "x")
                    .Devices.SequenceEqual(manifest.Devices),
            iter: 500
        );

    [Fact]
    public void Each_broken_rule_has_its_own_message()
    {
        Assert.Contains(
            "too few for its header",
            Assert.Throws<ElfException>(() => ManifestNote.Decode(new byte[8], "x")).Message
        );
        Assert.Contains("version is 2", Refused(Two(), d => d[4] = 2));
        Assert.Contains("0 entries", Refused(Two(), d => d[8] = 0));
        Assert.Contains("65 entries", Refused(Two(), d => d[8] = 65));
        Assert.Contains("4 entries need", Refused(Two(), d => d[8] = 4));
        Assert.Contains("entry 0 is not the reserved one", Refused(Two(), d => d[12] = (byte)'a'));
        Assert.Contains("entry 0 is not the reserved one", Refused(Two(), d => d[12 + 68] = 1));
        Assert.Contains(
            "entry 1 says that it is attached",
            Refused(Two(), d => d[12 + 104 + 96] = 1)
        );
        Assert.Contains(
            "entry 2 has the unknown device type 3",
            Refused(Two(), d => d[12 + 208 + 68] = 3)
        );
        Assert.Contains("entry 1 has no name", Refused(Two(), d => d[12 + 104] = 0));
        Assert.Contains("a byte 0x2d", Refused(Two(), d => d[12 + 105] = (byte)'-'));
        Assert.Contains(
            "the name of entry 1 has no end",
            Refused(Two(), d => d.AsSpan(12 + 104, 68).Fill((byte)'a'))
        );
        Assert.Contains(
            "'a' stands for two devices of type NET_BASIC",
            Refused(
                new([new("a", DeviceType.NetBasic), new("b", DeviceType.NetBasic)]),
                d => d[12 + 208] = (byte)'a'
            )
        );
    }

    [Fact]
    public void A_network_and_a_block_device_may_share_a_name()
    {
        var manifest = new Manifest([
            new("a", DeviceType.NetBasic),
            new("a", DeviceType.BlockBasic),
        ]);
        Assert.Equal(
            manifest.Devices,
            ManifestNote.Decode(ManifestNote.Encode(manifest), "x").Devices
        );
    }

    [Fact]
    public void Random_bytes_give_nothing_but_the_documented_error() =>
        Gen.Select(Manifests, Gen.Int[0, 7000], Gen.Byte)
            .Sample(
                (manifest, at, value) =>
                {
                    byte[] bytes = ManifestNote.Encode(manifest);
                    bytes[at % bytes.Length] = value;
                    try
                    {
                        _ = ManifestNote.Decode(
                            bytes.AsSpan(0, at % 3 == 0 ? at % bytes.Length : bytes.Length),
                            "x"
                        );
                    }
                    catch (ElfException) { }
                },
                iter: 5_000
            );

    [Theory]
    [InlineData(ElfMachine.X64)]
    [InlineData(ElfMachine.Arm64)]
    public void The_object_holds_the_note_where_linker_scripts_look(ElfMachine machine)
    {
        var file = ElfFile.Read(
            new MemoryElfSource("manifest.o", ManifestObject.Write(Two(), machine))
        );
        Assert.Equal((ElfFileType.Relocatable, machine), (file.Type, file.Machine));
        ElfSection section = Assert.Single(
            file.ReadSections(),
            section => section.Name == ".note.solo5.manifest"
        );
        Assert.Equal((7U, 2UL, 4UL), (section.Type, section.Flags, section.Alignment));
        byte[] note = file.ReadSection(section);
        Assert.Equal(ElfNoteWriter.Write("Solo5", 0x3154464d, ManifestNote.Encode(Two())), note);
        ElfSymbol symbol = Assert.Single(file.ReadSymbols(), symbol => symbol.Name.Length > 0);
        Assert.Equal(("__solo5_mft1_note", (ulong)note.Length), (symbol.Name, symbol.Size));
        Assert.Equal(section.Index, symbol.SectionIndex);
        Assert.Contains(file.ReadSections(), section => section.Name == ".note.GNU-stack");
    }
}
