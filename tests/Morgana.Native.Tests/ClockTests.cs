using CsCheck;

namespace Morgana.Native.Tests;

/// <summary>Nanoseconds out of a cycle counter (native/machine/clock.c).</summary>
[Collection(nameof(GuestMemory))]
public sealed class ClockTests
{
    private const ulong Second = 1_000_000_000;

    [Fact]
    public void The_time_of_any_count_at_any_rate_is_right_to_a_microsecond_in_30_years() =>
        Gen.Select(Gen.ULong[3_906_251, 1000 * Second], Gen.Double[0, 1_000_000_000])
            .Sample(
                (rate, seconds) =>
                {
                    Assert.True(NativeParts.ClockStart(rate));
                    ulong cycles = (ulong)Math.Min(seconds * rate, ulong.MaxValue);
                    UInt128 exact = (UInt128)cycles * Second / rate;
                    UInt128 got = NativeParts.ClockAt(cycles);
                    Assert.InRange(exact - got, (UInt128)0, (UInt128)1000);
                },
                threads: 1
            );

    [Fact]
    public void Time_does_not_go_back_where_the_product_needs_more_than_64_bits()
    {
        Assert.True(NativeParts.ClockStart(3 * Second));
        ulong before = 0;
        for (ulong cycles = 1; cycles < ulong.MaxValue / 3; cycles *= 3)
        {
            ulong now = NativeParts.ClockAt(cycles);
            Assert.True(now >= before);
            before = now;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_906_250)]
    [InlineData(1_000_000_000_001)]
    public void A_rate_that_no_counter_has_is_refused(ulong rate) =>
        Assert.False(NativeParts.ClockStart(rate));
}
