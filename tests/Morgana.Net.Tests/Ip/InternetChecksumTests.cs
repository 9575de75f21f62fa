using CsCheck;

namespace Morgana.Net.Tests;

public sealed class InternetChecksumTests
{
    [Fact]
    public void The_example_of_RFC_1071_section_3()
    {
        // The RFC's sum is ddf2; the checksum is its complement.
        Assert.Equal(0x220d, InternetChecksum.Compute(Hex.Bytes("0001 f203 f4f5 f6f7")));
    }

    [Fact]
    public void The_example_of_RFC_1071_with_bytes_swapped()
    {
        // Section 2.B: the sum of swapped words is the swapped sum.
        Assert.Equal(0x0d22, InternetChecksum.Compute(Hex.Bytes("0100 03f2 f5f4 f7f6")));
    }

    [Fact]
    public void A_header_with_a_known_checksum() =>
        Assert.Equal(
            0xb861,
            InternetChecksum.Compute(Hex.Bytes("4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7"))
        );

    [Theory]
    [InlineData("", 0xffff)]
    [InlineData("00", 0xffff)]
    [InlineData("ff", 0x00ff)]
    [InlineData("ffff", 0x0000)]
    [InlineData("ffff ffff", 0x0000)]
    [InlineData("8000 8000", 0xfffe)]
    public void Carries_come_around(string bytes, int expected) =>
        Assert.Equal(expected, InternetChecksum.Compute(Hex.Bytes(bytes)));

    [Fact]
    public void It_agrees_with_the_definition_word_by_word() =>
        Gen.Byte.Array[0, 100].Sample(bytes => InternetChecksum.Compute(bytes) == Define(bytes));

    [Fact]
    public void Parts_of_any_length_add_up_to_the_whole() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 40])
            .Sample(
                (a, b, c) =>
                {
                    InternetChecksum parts = default;
                    parts.Add(a);
                    parts.Add(b);
                    parts.Add(c);
                    return parts.Finish() == InternetChecksum.Compute([.. a, .. b, .. c]);
                }
            );

    [Fact]
    public void The_longest_datagram_of_ones_does_not_overflow()
    {
        byte[] ones = new byte[65535];
        ones.AsSpan().Fill(0xff);
        Assert.Equal(Define(ones), InternetChecksum.Compute(ones));
    }

    [Fact]
    public void The_pseudo_header_of_IPv6_sums_two_addresses_of_sixteen_bytes()
    {
        // RFC 8200 section 8.1, added up by hand: 2001+0db8+1 twice, length 10, protocol 17.
        InternetChecksum checksum = default;
        IpAddress address = IpAddress.Parse("2001:db8::1", null);
        checksum.AddPseudoHeader(address, address, IpProtocol.Udp, 10);
        Assert.Equal(0xffff - (2 * (0x2001 + 0x0db8 + 1) + 10 + 17), checksum.Finish());
    }

    private static ushort Define(byte[] bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
