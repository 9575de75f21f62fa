using System.Text;
using CsCheck;

namespace Morgana.Elf.Tests;

public sealed class ManifestJsonTests
{
    private static Manifest Parse(string json) =>
        ManifestJson.Parse(Encoding.UTF8.GetBytes(json), "m.json");

    private static string Refused(string json) =>
        Assert.Throws<ManifestException>(() => Parse(json)).Message;

    private static string WithDevice(string device) =>
        $"{{\n\"type\":\"solo5.manifest\",\n\"version\":1,\n\"devices\":[\n{device}\n]}}";

    [Fact]
    public void What_is_printed_is_parsed() =>
        ManifestNoteTests.Manifests.Sample(
            manifest => Parse(ManifestJson.Print(manifest)).Devices.SequenceEqual(manifest.Devices),
            iter: 300
        );

    [Fact]
    public void A_trailing_comma_and_any_order_and_a_byte_order_mark_pass() =>
        Assert.Equal(
            [new ManifestDevice("a", DeviceType.NetBasic)],
            Parse(
                "\ufeff{\"devices\":[{\"type\":\"NET_BASIC\",\"name\":\"a\",},],\"version\":1,\"type\":\"solo5.manifest\"}"
            ).Devices
        );

    [Theory]
    [InlineData("", "m.json:1: JSON parse error")]
    [InlineData("[]", "m.json:1: (root): expected OBJECT, got ARRAY")]
    [InlineData("{\n\"type\": 1}", "m.json:2: .type: expected STRING, got INTEGER")]
    [InlineData("{\n\"typo\": 1}", "m.json:2: (root): unknown key: typo")]
    [InlineData("{\"version\":1,\"devices\":[]}", "m.json:1: missing .type")]
    [InlineData("{\"type\":\"solo5.manifest\",\"devices\":[]}", "missing .version")]
    [InlineData("{\"type\":\"solo5.manifest\",\"version\":1}", "missing .devices[]")]
    [InlineData(
        "{\"type\":\"mirage\",\"version\":1,\"devices\":[]}",
        ".type: invalid value, expected \"solo5.manifest\""
    )]
    [InlineData(
        "{\"type\":\"solo5.manifest\",\"version\":2,\"devices\":[]}",
        ".version: invalid version 2, expected 1"
    )]
    [InlineData(
        "{\"type\":\"solo5.manifest\",\"version\":1.5,\"devices\":[]}",
        ".version: expected INTEGER, got REAL"
    )]
    [InlineData(
        "{\"type\":\"solo5.manifest\",\"version\":1,\"devices\":{}}",
        ".devices: expected ARRAY, got OBJECT"
    )]
    [InlineData("{} {}", "JSON parse error")]
    [InlineData("{\n\n\"type\": \"solo5.manifest\" \"version\"", "m.json:3: JSON parse error")]
    public void The_root_is_checked(string json, string message) =>
        Assert.Contains(message, Refused(json));

    [Theory]
    [InlineData("1", "m.json:5: .devices[]: expected OBJECT, got INTEGER")]
    [InlineData("{\"name\":\"a\"}", "m.json:5: .devices[...]: missing .type")]
    [InlineData("{\"type\":\"NET_BASIC\"}", "missing .name")]
    [InlineData("{\"name\":\"\",\"type\":\"NET_BASIC\"}", ".name may not be empty")]
    [InlineData("{\"name\":\"a-b\",\"type\":\"NET_BASIC\"}", "name is not alphanumeric: 'a-b'")]
    [InlineData("{\"name\":\"\u00e4\",\"type\":\"NET_BASIC\"}", "name is not alphanumeric")]
    [InlineData(
        "{\"name\":\"a\",\"type\":\"NET\"}",
        "unknown device type: NET; there are NET_BASIC and BLOCK_BASIC"
    )]
    [InlineData("{\"name\":\"a\",\"mac\":\"x\"}", "unknown key: mac")]
    [InlineData("{\"name\":1}", "expected STRING, got INTEGER")]
    [InlineData("{\"name\":null}", "expected STRING, got NULL")]
    [InlineData(
        "{\"name\":\"a\",\"type\":\"NET_BASIC\"},\n{\"name\":\"a\",\"type\":\"NET_BASIC\"}",
        "m.json:6: .devices[1]: there is a device of type NET_BASIC with the name 'a' already"
    )]
    [InlineData(
        "{\"name\":\"a2345678901234567890123456789012345678901234567890123456789012345678\",\"type\":\"NET_BASIC\"}",
        "name too long: 68 characters, at most 67"
    )]
    public void Devices_are_checked(string device, string message) =>
        Assert.Contains(message, Refused(WithDevice(device)));

    [Fact]
    public void There_are_63_devices_and_no_more()
    {
        string[] devices =
        [
            .. Enumerable
                .Range(0, 64)
                .Select(i => $"{{\"name\":\"d{i}\",\"type\":\"BLOCK_BASIC\"}}"),
        ];
        Assert.Equal(63, Parse(WithDevice(string.Join(',', devices[..63]))).Devices.Count);
        Assert.Contains(
            "m.json:4: .devices[]: too many entries, maximum 63",
            Refused(WithDevice(string.Join(',', devices)))
        );
    }

    [Fact]
    public void Mutated_text_gives_nothing_but_the_documented_error()
    {
        byte[] text = Encoding.UTF8.GetBytes(
            WithDevice("{\"name\":\"a\\u0062\",\"type\":\"NET_BASIC\"}")
        );
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Byte, Gen.Int[0, text.Length - 1], Gen.Byte)
            .Sample(
                (a, x, b, y) =>
                {
                    byte[] bytes = [.. text];
                    bytes[a] = x;
                    bytes[b] = y;
                    try
                    {
                        _ = ManifestJson.Parse(bytes, "m.json");
                    }
                    catch (ManifestException) { }
                },
                iter: 20_000
            );
    }
}
