using CsCheck;

namespace Morgana.Net.Tests;

/// <summary>Addresses and endpoints as people write them.</summary>
public sealed class AddressTextTests
{
    private static readonly Gen<IpAddress> AnyAddress = Gen.OneOf(
        Gen.UInt.Select(IpAddress.FromV4),
        Gen.Select(Gen.ULong, Gen.ULong)
            .Select((high, low) => IpAddress.FromV6(new UInt128(high, low)))
    );

    private static Gen<T> OneOf<T>(params T[] values) =>
        Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static readonly Gen<string> AlmostAddress = Gen.Char["0123456789abcdef.:/[]% -+"]
        .Array[0, 45]
        .Select(chars => new string(chars));

    [Fact]
    public void Addresses_round_trip_as_text() =>
        AnyAddress.Sample(address => IpAddress.Parse(address.ToString(), null) == address);

    [Fact]
    public void Addresses_round_trip_on_the_wire() =>
        AnyAddress.Sample(address =>
        {
            byte[] bytes = new byte[address.Size];
            address.Write(bytes);
            return (address.IsV4 ? IpAddress.ReadV4(bytes) : IpAddress.ReadV6(bytes)) == address;
        });

    [Fact]
    public void Endpoints_round_trip_as_text() =>
        Gen.Select(AnyAddress, Gen.UShort)
            .Sample(
                (address, port) =>
                {
                    IpEndpoint endpoint = new(address, port);
                    return IpEndpoint.Parse(endpoint.ToString(), null) == endpoint;
                }
            );

    [Fact]
    public void No_text_throws_and_what_is_accepted_means_one_thing() =>
        AlmostAddress.Sample(
            text =>
            {
                if (IpAddress.TryParse(text, null, out IpAddress address))
                {
                    Assert.Equal(address, IpAddress.Parse(address.ToString(), null));
                }

                if (IpEndpoint.TryParse(text, null, out IpEndpoint endpoint))
                {
                    Assert.Equal(endpoint, IpEndpoint.Parse(endpoint.ToString(), null));
                }

                _ = IpPrefix.TryParse(text, null, out _);
            },
            iter: 20_000
        );

    /// <summary>Addresses of all shapes: groups of zeros in every place, mapped IPv4 addresses, small and large numbers.</summary>
    private static readonly Gen<IpAddress> AnyV6 = OneOf<ushort>(0, 0, 0, 1, 0xffff, 0xa0)
        .Array[8]
        .Select(groups =>
            IpAddress.FromV6(groups.Aggregate(UInt128.Zero, (value, group) => value << 16 | group))
        );

    [Fact]
    public void IPv6_text_is_what_dotnet_writes_except_where_that_shows_IPv4_out_of_turn() =>
        AnyV6.Sample(
            address =>
            {
                byte[] bytes = new byte[16];
                address.Write(bytes);
                string theirs = new System.Net.IPAddress(bytes).ToString();
                // It writes several kinds of address with dots; RFC 5952 section 5 wants that for well-known prefixes only.
                bool isMapped = address.ToUInt128() >> 32 == 0xffff;
                // And it does not for mapped addresses that begin with 0.0.
                if (
                    isMapped
                        ? address.ToUInt128() << 96 >> 112 != 0
                        : !theirs.Contains('.', StringComparison.Ordinal)
                )
                {
                    Assert.Equal(theirs, address.ToString());
                }

                Assert.Equal(
                    new System.Net.IPAddress(bytes),
                    System.Net.IPAddress.Parse(address.ToString())
                );
            },
            iter: 20_000
        );

    [Fact]
    public void IPv6_text_means_what_dotnet_says() =>
        Gen.OneOf(
                Gen.Char["0019af:::."].Array[2, 20].Select(chars => new string(chars)),
                OneOf("", "", "0", "1", "ab", "ffff", "00a0", "1.2.3.4", "10000")
                    .Array[2, 9]
                    .Select(groups => string.Join(':', groups))
            )
            .Sample(
                text =>
                {
                    bool theirs = System.Net.IPAddress.TryParse(
                        text,
                        out System.Net.IPAddress? expected
                    );
                    theirs &= text.Contains(':', StringComparison.Ordinal);
                    bool ours = IpAddress.TryParse(text, null, out IpAddress address);
                    if (!text.Contains('.', StringComparison.Ordinal))
                    {
                        Assert.Equal(theirs, ours);
                    }

                    if (ours)
                    {
                        byte[] bytes = new byte[address.Size];
                        address.Write(bytes);
                        Assert.Equal(expected, new System.Net.IPAddress(bytes));
                    }
                },
                iter: 50_000
            );

    [Theory]
    [InlineData("::", "::")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:0db8::0001", "2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("::ffff:c000:0201", "::ffff:192.0.2.1")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    public void IPv6_addresses_are_written_in_one_way_RFC_5952(string text, string written) =>
        Assert.Equal(written, IpAddress.Parse(text, null).ToString());

    [Theory]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("::g")]
    [InlineData("::+1")]
    [InlineData(":: 1")]
    [InlineData("::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3")]
    [InlineData("::01.2.3.4")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::1.2.3.4:5")]
    public void Other_IPv6_texts_are_refused(string text) =>
        Assert.False(IpAddress.TryParse(text, null, out _));

    [Theory]
    [InlineData("10.0.0.2:53")]
    [InlineData("[2001:db8:1111:2222:3333:4444:5555:6666]:65535")]
    public void Texts_are_written_into_spans_without_allocation_and_refused_where_too_small(
        string text
    )
    {
        IpEndpoint endpoint = IpEndpoint.Parse(text, null);
        char[] buffer = new char[text.Length];
        Assert.True(endpoint.TryFormat(buffer, out int length, default, null));
        Assert.Equal(text, buffer.AsSpan(0, length).ToString());
        Assert.False(endpoint.TryFormat(buffer.AsSpan(1), out length, default, null));
        Assert.Equal(0, length);
        string address = endpoint.Address.ToString();
        Assert.True(endpoint.Address.TryFormat(buffer, out length, default, null));
        Assert.Equal(address, buffer.AsSpan(0, length).ToString());
        Assert.False(
            endpoint.Address.TryFormat(buffer.AsSpan(0, address.Length - 1), out _, default, null)
        );

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _ = endpoint.TryFormat(buffer, out _, default, null);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":53")]
    [InlineData("10.0.0.2")]
    [InlineData("10.0.0.2:")]
    [InlineData("10.0.0.2:65536")]
    [InlineData("10.0.0.2:053")]
    [InlineData("10.0.0.2:-1")]
    [InlineData("[10.0.0.2]:53")]
    [InlineData("2001:db8::1:53")]
    [InlineData("[]:53")]
    [InlineData("[2001:db8::1]")]
    public void Other_endpoints_are_refused(string text)
    {
        Assert.False(IpEndpoint.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => IpEndpoint.Parse(text, null));
    }
}
