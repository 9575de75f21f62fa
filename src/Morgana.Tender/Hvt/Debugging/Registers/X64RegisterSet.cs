using System.Globalization;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>The registers of x86-64, as gdb's standard features have them.</summary>
internal static class X64RegisterSet
{
    public const int Xmms = 16;

    private const string VectorTypes = """
        <vector id="v4f" type="ieee_single" count="4"/>
        <vector id="v2d" type="ieee_double" count="2"/>
        <vector id="v16i8" type="int8" count="16"/>
        <vector id="v8i16" type="int16" count="8"/>
        <vector id="v4i32" type="int32" count="4"/>
        <vector id="v2i64" type="int64" count="2"/>
        <union id="vec128">
        <field name="v4_float" type="v4f"/>
        <field name="v2_double" type="v2d"/>
        <field name="v16_int8" type="v16i8"/>
        <field name="v8_int16" type="v8i16"/>
        <field name="v4_int32" type="v4i32"/>
        <field name="v2_int64" type="v2i64"/>
        <field name="uint128" type="uint128"/>
        </union>

        """;

    private static readonly string[] General =
    [
        "rax",
        "rbx",
        "rcx",
        "rdx",
        "rsi",
        "rdi",
        "rbp",
        "rsp",
        "r8",
        "r9",
        "r10",
        "r11",
        "r12",
        "r13",
        "r14",
        "r15",
    ];

    private static readonly string[] Segments = ["cs", "ss", "ds", "es", "fs", "gs"];

    private static readonly string[] FloatingPointState =
    [
        "fctrl",
        "fstat",
        "ftag",
        "fiseg",
        "fioff",
        "foseg",
        "fooff",
        "fop",
    ];

    /// <summary>Without and with the upper halves of the AVX registers.</summary>
    public static RegisterSet Create(bool hasAvx)
    {
        List<RegisterFeature> features =
        [
            new(
                "org.gnu.gdb.i386.core",
                "",
                [
                    .. General.Select(name => new RegisterDescription(
                        name,
                        64,
                        name is "rbp" or "rsp" ? "data_ptr" : "int64"
                    )),
                    new("rip", 64, "code_ptr"),
                    new("eflags", 32, "int32"),
                    .. Segments.Select(name => new RegisterDescription(name, 32, "int32")),
                    .. Numbered("st", 8, 80, "i387_ext"),
                    .. FloatingPointState.Select(name => new RegisterDescription(
                        name,
                        32,
                        "int32"
                    )),
                ]
            ),
            new(
                "org.gnu.gdb.i386.sse",
                VectorTypes,
                [.. Numbered("xmm", Xmms, 128, "vec128"), new("mxcsr", 32, "int32")]
            ),
            new(
                "org.gnu.gdb.i386.segments",
                "",
                [new("fs_base", 64, "int64"), new("gs_base", 64, "int64")]
            ),
        ];
        if (hasAvx)
        {
            features.Add(
                new(
                    "org.gnu.gdb.i386.avx",
                    "",
                    [
                        .. Enumerable
                            .Range(0, Xmms)
                            .Select(i => new RegisterDescription($"ymm{i}h", 128, "uint128")),
                    ]
                )
            );
        }

        return new RegisterSet("i386:x86-64", "rip", features);
    }

    private static IEnumerable<RegisterDescription> Numbered(
        string name,
        int count,
        int bits,
        string type
    ) =>
        Enumerable
            .Range(0, count)
            .Select(i => new RegisterDescription(
                name + i.ToString(CultureInfo.InvariantCulture),
                bits,
                type
            ));
}
