using System.Net;
using CsCheck;
using Morgana.Cli.Run;

namespace Morgana.Cli.Tests.Run;

public sealed class NetworkPlanTests
{
    [Fact]
    public void Without_arguments_it_is_the_default_network() =>
        Check([], "10.0.0.2", "10.0.0.1", 24, "10.0.0.254");

    [Fact]
    public void The_gateway_argument_is_the_taps_address() =>
        Check(
            ["--ipv4=192.168.7.20/28", "--ipv4-gateway=192.168.7.30"],
            "192.168.7.20",
            "192.168.7.30",
            28,
            "192.168.7.29"
        );

    [Fact]
    public void Values_may_stand_apart_and_the_last_one_counts() =>
        Check(
            [
                "--ipv4",
                "10.0.0.2/24",
                "--name",
                "x",
                "--ipv4",
                "10.1.0.9/16",
                "--ipv4-gateway",
                "10.1.0.1",
            ],
            "10.1.0.9",
            "10.1.0.1",
            16,
            "10.1.255.254"
        );

    [Fact]
    public void Without_a_gateway_the_tap_takes_the_first_address_that_is_free()
    {
        Check(["--ipv4=10.0.0.1/24"], "10.0.0.1", "10.0.0.2", 24, "10.0.0.254");
        Check(["--ipv4=10.0.0.254/24"], "10.0.0.254", "10.0.0.1", 24, "10.0.0.253");
    }

    [Fact]
    public void A_network_of_two_has_no_address_to_spare_for_the_host() =>
        Check(["--ipv4=10.0.0.2/30", "--ipv4-gateway=10.0.0.1"], "10.0.0.2", "10.0.0.1", 30, null);

    [Theory]
    [InlineData("--ipv4=10.0.0.2/31", "1 to 30")]
    [InlineData("--ipv4=10.0.0.2/0", "1 to 30")]
    [InlineData("--ipv4=10.0.0.0/24", "network's own")]
    [InlineData("--ipv4=10.0.0.255/24", "broadcast")]
    [InlineData("--ipv4=10.0.0/24", "not an address")]
    [InlineData("--ipv4=fe80::1/24", "not an address")]
    [InlineData("--ipv4=10.0.0.2/x", "not an address")]
    [InlineData("--ipv4-gateway=10.0.1.1", "does not fit")]
    [InlineData("--ipv4-gateway=10.0.0.2", "does not fit")]
    [InlineData("--ipv4-gateway=router", "not an IPv4 address")]
    public void What_does_not_fit_is_refused_before_anything_starts(string argument, string part)
    {
        RunException refusal = Assert.Throws<RunException>(() =>
            NetworkPlan.FromArguments([argument])
        );
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(argument, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_addresses_of_a_plan_differ_and_lie_in_the_prefix()
    {
        Gen.Select(Gen.UInt, Gen.Int[1, 30])
            .Sample(
                (number, length) =>
                {
                    IPAddress own = new([
                        (byte)(number >> 24),
                        (byte)(number >> 16),
                        (byte)(number >> 8),
                        (byte)number,
                    ]);
                    NetworkPlan plan;
                    try
                    {
                        plan = NetworkPlan.FromArguments([$"--ipv4={own}/{length}"]);
                    }
                    catch (RunException)
                    {
                        uint hostPart = number & (uint.MaxValue >> length);
                        Assert.True(hostPart == 0 || hostPart == uint.MaxValue >> length);
                        return;
                    }

                    IPAddress?[] all = [plan.Unikernel, plan.Tap, plan.Host];
                    Assert.Equal(own, plan.Unikernel);
                    Assert.Equal(all.Length, all.Distinct().Count());
                    IPNetwork network = new(Masked(number, length), length);
                    Assert.All(
                        all,
                        address => Assert.True(address is null || network.Contains(address))
                    );
                }
            );
    }

    private static IPAddress Masked(uint number, int length)
    {
        number &= uint.MaxValue << (32 - length);
        return new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
    }

    private static void Check(
        string[] arguments,
        string unikernel,
        string tap,
        int prefix,
        string? host
    ) =>
        Assert.Equal(
            new NetworkPlan(
                IPAddress.Parse(unikernel),
                IPAddress.Parse(tap),
                prefix,
                host is null ? null : IPAddress.Parse(host)
            ),
            NetworkPlan.FromArguments(arguments)
        );
}
