using System.Buffers.Binary;
using CsCheck;
using Morgana.Cli.Sizes;
using Morgana.Elf;

namespace Morgana.Cli.Tests.Sizes;

public sealed class ImageSizesTests
{
    private static ManagedNames Names()
    {
        ManagedNames names = new();
        names.Add("System.Private.CoreLib", "System.Collections.Generic", "List`1");
        names.Add("System.Private.CoreLib", "System.Collections.Generic", "List`1+Enumerator");
        names.Add("Morgana.Dns", "Morgana.Dns", "DnsName");
        names.Add("Morgana.Dns", "Morgana.Dns", "DnsName+<>c__DisplayClass1_0");
        names.Add("app", "", "Program");
        return names;
    }

    private static IReadOnlyDictionary<Origin, long> Measure(byte[] image, byte[] symbols) =>
        ImageSizes.Measure(
            ElfFile.Read(new MemoryElfSource("image", image)),
            ElfFile.Read(new MemoryElfSource("symbols", symbols)),
            Names()
        );

    private static SectionImage Sample() =>
        new SectionImage()
            .Section(".text", 0x1000, new byte[400])
            .Section("__managedcode", 0x2000, new byte[200])
            .Section(".eh_frame", 0x3000, UnwindEntry(0x3000, 0x2000))
            .Section(".rodata", 0x4000, Packed(0x4000, 0x5000))
            .Empty(".hydrated", 0x5000, 32)
            .File("threads.c")
            .Symbol("thread_begin", 0x1000, 100)
            .File("gcwks.cpp")
            .Symbol("_ZN3WKS7gc_heap3gc1Ev", 0x1064, 100)
            .Symbol("Morgana_Dns_Morgana_Dns_DnsName__Parse", 0x2000, 150)
            .Symbol("S_P_CoreLib_System_Collections_Generic_List_1<Int32>__Add", 0x2096, 50)
            .Symbol("__dehydrated_data", 0x4000)
            .Symbol("_ZTV23Morgana_Dns_Morgana_Dns_DnsName", 0x5000)
            .Symbol("__Str_hello_1234", 0x5010)
            .Symbol("strlen", 0x10C8, 200, global: true);

    /// <summary>An entry for a function, without instructions.</summary>
    private static byte[] UnwindEntry(ulong address, ulong function)
    {
        byte[] entry = new byte[24];
        BinaryPrimitives.WriteInt32LittleEndian(entry, 20);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), 4);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), (int)(function - (address + 8)));
        return entry;
    }

    /// <summary>16 bytes copied, then 8 zeros and a shared pointer, whose table follows.</summary>
    private static byte[] Packed(ulong address, ulong hydrated)
    {
        byte[] packed = new byte[4 + 17 + 1 + 1 + 4];
        BinaryPrimitives.WriteInt32LittleEndian(packed, (int)(hydrated - address));
        packed[4] = 16 << 3;
        packed[21] = 8 << 3 | 1;
        packed[22] = 0 << 3 | 3;
        return packed;
    }

    [Fact]
    public void Every_byte_has_an_origin_and_the_sum_is_the_file()
    {
        byte[] image = Sample().Write(stripped: true);
        IReadOnlyDictionary<Origin, long> sizes = Measure(image, Sample().Write());
        Assert.Equal(image.Length, sizes.Values.Sum());
        Assert.Equal(100, sizes[Origin.Of(Origin.NativeLayer, "threads.c", "thread_begin")]);
        Assert.Equal(
            100,
            sizes[Origin.Of(Origin.NativeRuntime, "gcwks.cpp", "_ZN3WKS7gc_heap3gc1Ev")]
        );
        Assert.Equal(200, sizes[Origin.Of(Origin.CLibrary, "strlen")]);
        // Its code and its entry in the unwind table.
        Assert.Equal(
            150 + 24,
            sizes[new Origin("Morgana.Dns", "Morgana.Dns", "Morgana.Dns.DnsName", "Parse")]
        );
        // What is packed is given to what it is unpacked to: the place, the command and the bytes of the type ...
        Assert.Equal(
            4 + 17,
            sizes[new Origin("Morgana.Dns", "Morgana.Dns", "Morgana.Dns.DnsName", "(type)")]
        );
        // ... two commands of the literal, and a table that they share.
        Assert.Equal(2, sizes[Origin.Of(Origin.Literals, Origin.Literals, "__Str_hello_1234")]);
        Assert.Equal(
            4,
            sizes[Origin.Of(Origin.Metadata, "packed data", "pointers of packed data")]
        );
    }

    [Fact]
    public void An_image_with_symbols_answers_for_itself()
    {
        byte[] image = Sample().Write();
        IReadOnlyDictionary<Origin, long> sizes = Measure(image, image);
        Assert.Equal(image.Length, sizes.Values.Sum());
        Assert.True(sizes[Origin.Of(Origin.Debug, ".symtab")] > 0);
    }

    [Theory]
    [InlineData("Morgana_Dns_Morgana_Dns_DnsName__Parse", "Morgana.Dns.DnsName", "Parse")]
    [InlineData("unbox_Morgana_Dns_Morgana_Dns_DnsName__Parse_1", "Morgana.Dns.DnsName", "Parse_1")]
    [InlineData("_lsda0Morgana_Dns_Morgana_Dns_DnsName__Parse", "Morgana.Dns.DnsName", "Parse")]
    [InlineData(
        "Morgana_Dns_Morgana_Dns_DnsName___c__DisplayClass1_0___Sort_b__0",
        "Morgana.Dns.DnsName+<>c__DisplayClass1_0",
        "_Sort_b__0"
    )]
    [InlineData(
        "S_P_CoreLib_System_Collections_Generic_List_1_Enumerator<System___Canon>__MoveNext",
        "System.Collections.Generic.List`1+Enumerator",
        "MoveNext"
    )]
    [InlineData("_ZTV31__Array<Morgana_Dns_Morgana_Dns_DnsName>", "Morgana.Dns.DnsName", "(type)")]
    [InlineData("String__Concat", "System.String", "Concat")]
    [InlineData("String__Format_14<Morgana_Dns_Morgana_Dns_DnsName>", "System.String", "Format_14")]
    [InlineData("app_Program___Main_", "Program", "_Main_")]
    [InlineData("__GCSTATICSapp_Program", "Program", "(static data)")]
    public void Symbols_of_the_compiler_are_read(string symbol, string type, string method)
    {
        Origin? origin = Names().Find(symbol);
        Assert.Equal((type, method), (origin?.Type, origin?.Method));
    }

    [Theory]
    [InlineData("_ZN3WKS7gc_heap3gc1Ev")]
    [InlineData("strlen")]
    [InlineData("")]
    [InlineData("_lsda")]
    [InlineData("<Boxed>")]
    public void Other_symbols_are_no_methods(string symbol) => Assert.Null(Names().Find(symbol));

    [Fact]
    public void A_damaged_file_is_refused_or_its_sum_is_the_file_all_the_same()
    {
        byte[] good = Sample().Write();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte)
            .Array[1, 12]
            .Sample(changes =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                try
                {
                    Assert.Equal(bytes.Length, Measure(bytes, bytes).Values.Sum());
                    Assert.Equal(good.Length, Measure(good, bytes).Values.Sum());
                }
                catch (ElfException)
                {
                    // Refused, which is right as well.
                }
            });
    }

    [Fact]
    public void Tables_of_any_bytes_are_read_to_their_end()
    {
        Gen.Select(Gen.Byte.Array[0, 200], Gen.ULong, Gen.ULong)
            .Sample(
                (bytes, address, start) =>
                {
                    Assert.Equal(
                        bytes.Length,
                        UnwindTables.Read(bytes, address).Sum(entry => entry.Length)
                    );
                    List<(ulong, int Bytes)>? pieces = DehydratedData.Read(
                        bytes,
                        address,
                        start,
                        start + 64,
                        out int length
                    );
                    Assert.Equal(length, pieces?.Sum(piece => piece.Bytes) ?? 0);
                    Assert.InRange(length, 0, bytes.Length);
                }
            );
        Gen.String.Sample(name => _ = Names().Find(name));
    }

    [Fact]
    public void The_table_shows_the_largest_first_and_what_it_does_not_show_as_one_row()
    {
        SizeTable table = new(
            "dist/sample.spt",
            SizeKind.Namespace,
            new Dictionary<Origin, long>
            {
                [new Origin("Morgana.Dns", "Morgana.Dns", "A", "m")] = 600,
                [new Origin("Morgana.Dns", "Morgana.Dns", "B", "m")] = 100,
                [new Origin("System.Linq", "System.Linq", "C", "m")] = 200,
                [Origin.Of(Origin.Other, "alignment")] = 99,
                [new Origin("app", "System", "D", "m")] = 1,
            }
        );
        Assert.Equal(
            """
                     700   70.0 %  Morgana.Dns
                     200   20.0 %  System.Linq
                     100   10.0 %  ... 2 more
                   1,000  100.0 %  dist/sample.spt, the whole file

            """,
            table.Text(2)
        );
        Assert.Contains(
            "       1    0.1 %  System  [app]\n",
            table.Text(0),
            StringComparison.Ordinal
        );
        Assert.Equal(1000, table.Json()["rows"]!.AsArray().Sum(row => (long)row!["bytes"]!));
    }
}
