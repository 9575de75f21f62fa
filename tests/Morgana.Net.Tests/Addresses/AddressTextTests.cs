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
