using CsCheck;
using Microsoft.Extensions.Logging;

namespace Morgana.Runtime.Tests;

public class LogLevelsTests
{
    [Theory]
    [InlineData("debug", "any", LogLevel.Debug)]
    [InlineData("*:warning", "any", LogLevel.Warning)]
    [InlineData("*:info,dns:debug", "dns", LogLevel.Debug)]
    [InlineData("*:info,dns:debug", "dns.resolver", LogLevel.Debug)]
    [InlineData("*:info,dns:debug", "dnssec", LogLevel.Information)]
    [InlineData("*:info,dns:debug,dns.cache:error", "dns.cache.negative", LogLevel.Error)]
    [InlineData("dns.cache:error , dns:TRACE", "dns.resolver", LogLevel.Trace)]
    [InlineData("dns:debug", "net", LogLevel.Information)]
    [InlineData("*:none", "net", LogLevel.None)]
    [InlineData("*:none,*:critical", "net", LogLevel.Critical)]
    public void The_longest_name_wins(string rules, string source, LogLevel level) =>
        Assert.Equal(level, LogLevels.Parse(rules, null).For(source));

    [Theory]
    [InlineData("")]
    [InlineData("loud")]
    [InlineData("dns:")]
    [InlineData(":debug")]
    [InlineData("dns:debug,")]
    [InlineData("dns=debug")]
    [InlineData("dns:5")]
    public void What_is_no_rule_is_refused_with_an_example(string rules)
    {
        Assert.False(LogLevels.TryParse(rules, null, out _));
        FormatException e = Assert.Throws<FormatException>(() => LogLevels.Parse(rules, null));
        Assert.Contains("*:info,dns:debug", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_printed_is_read_back() =>
        Gen.Select(Gen.String[Gen.Char["ab.c"], 1, 6], Gen.Int[0, 6])
            .Array[0, 4]
            .Sample(
                rules =>
                {
                    string[] names =
                    [
                        "trace",
                        "debug",
                        "info",
                        "warning",
                        "error",
                        "critical",
                        "none",
                    ];
                    string text = string.Join(
                        ',',
                        rules.Select(r => $"{r.Item1}:{names[r.Item2]}").Prepend("*:error")
                    );
                    LogLevels levels = LogLevels.Parse(text, null);
                    LogLevels again = LogLevels.Parse(levels.ToString(), null);
                    foreach ((string source, _) in rules)
                    {
                        Assert.Equal(levels.For(source), again.For(source));
                        Assert.Equal(levels.For(source + ".x"), again.For(source + ".x"));
                    }
                },
                iter: 2000
            );

    [Fact]
    public void Any_text_is_rules_or_none() =>
        Gen.String.Sample(
            text =>
                Assert.Equal(
                    LogLevels.TryParse(text, null, out LogLevels? levels),
                    levels is not null
                ),
            iter: 2000
        );
}
