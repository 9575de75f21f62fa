using System.Globalization;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>The registers of AArch64, as gdb's standard features have them.</summary>
internal static class Arm64RegisterSet
{
    public const int Generals = 31;
    public const int Vectors = 32;

    private const string VectorTypes = """
        <vector id="v2d" type="ieee_double" count="2"/>
        <vector id="v2u" type="uint64" count="2"/>
        <vector id="v2i" type="int64" count="2"/>
        <vector id="v4f" type="ieee_single" count="4"/>
        <vector id="v4u" type="uint32" count="4"/>
        <vector id="v4i" type="int32" count="4"/>
        <vector id="v16u" type="uint8" count="16"/>
        <vector id="v1u" type="uint128" count="1"/>
        <union id="vnd"><field name="f" type="v2d"/><field name="u" type="v2u"/><field name="s" type="v2i"/></union>
        <union id="vns"><field name="f" type="v4f"/><field name="u" type="v4u"/><field name="s" type="v4i"/></union>
        <union id="vnb"><field name="u" type="v16u"/></union>
        <union id="vnq"><field name="u" type="v1u"/></union>
        <union id="aarch64v">
        <field name="d" type="vnd"/>
        <field name="s" type="vns"/>
        <field name="b" type="vnb"/>
        <field name="q" type="vnq"/>
        </union>

        """;

    /// <summary>The registers.</summary>
    public static RegisterSet Create() =>
        new(
            "aarch64",
            "pc",
            [
                new(
                    "org.gnu.gdb.aarch64.core",
                    "",
                    [
                        .. Enumerable
                            .Range(0, Generals)
                            .Select(i => new RegisterDescription(
                                "x" + i.ToString(CultureInfo.InvariantCulture),
                                64,
                                "int64"
                            )),
                        new("sp", 64, "data_ptr"),
                        new("pc", 64, "code_ptr"),
                        new("cpsr", 32, "int32"),
                    ]
                ),
                new(
                    "org.gnu.gdb.aarch64.fpu",
                    VectorTypes,
                    [
                        .. Enumerable
                            .Range(0, Vectors)
                            .Select(i => new RegisterDescription(
                                "v" + i.ToString(CultureInfo.InvariantCulture),
                                128,
                                "aarch64v"
                            )),
                        new("fpsr", 32, "int32"),
                        new("fpcr", 32, "int32"),
                    ]
                ),
            ]
        );
}
