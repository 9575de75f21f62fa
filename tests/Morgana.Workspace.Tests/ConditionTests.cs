using CsCheck;
using Morgana.Workspace.Conditions;
using Morgana.Workspace.Contexts;

namespace Morgana.Workspace.Tests;

public sealed class ConditionTests
{
    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.OneOf("spt", "unix", "x64", "arm64", "spt-*", "*", "?nix", "and", "not", "a b", ""),
        Gen.String[Gen.Char["abcxyz*?-_.'()=! "], 0, 6]
    );

    private static readonly Gen<ContextCondition> Leaf = Gen.Frequency(
        (
            5,
            Gen.Select(
                Gen.OneOf([.. ContextCondition.Variables]),
                Gen.Bool,
                Word,
                (variable, equal, word) =>
                    (ContextCondition)new ContextCondition.Comparison(variable, equal, word)
            )
        ),
        (1, Gen.Bool.Select(value => (ContextCondition)new ContextCondition.Constant(value)))
    );

    private static readonly Gen<ContextCondition> Condition = Nested(4);

    private static readonly Gen<BuildContext> Context = Gen.Select(
        Gen.OneOf("spt-x64", "unix-arm64", "small"),
        Gen.OneOf("spt", "unix"),
        Gen.OneOf("x64", "arm64"),
        Gen.OneOf("release", "debug"),
        (name, target, architecture, profile) =>
            new BuildContext
            {
                Name = name,
                Target = target,
                Architecture = architecture,
                Profile = profile,
            }
    );

    [Fact]
    public void What_is_printed_is_read_back_as_the_same_condition() =>
        Condition.Sample(
            condition => Assert.Equal(condition, ContextCondition.Parse(condition.ToString())),
            iter: 5000
        );

    [Fact]
    public void Not_turns_and_into_or_and_back() =>
        Gen.Select(Condition, Condition, Context)
            .Sample(
                (a, b, context) =>
                {
                    bool both = ContextCondition.Parse($"({a}) and ({b})").Holds(context);
                    Assert.Equal(
                        !both,
                        ContextCondition.Parse($"not ({a}) or not ({b})").Holds(context)
                    );
                    Assert.Equal(a.Holds(context) && b.Holds(context), both);
                },
                iter: 3000
            );

    [Fact]
    public void Whatever_stands_there_is_a_condition_or_an_error_that_says_where() =>
        Gen.OneOf(
                Gen.String[Gen.Char["contexarhg=!()'\" *-"], 0, 30],
                Gen.OneOf(
                        "context",
                        "target",
                        "==",
                        "!=",
                        "and",
                        "or",
                        "not",
                        "(",
                        ")",
                        "'x'",
                        "true",
                        "x64"
                    )
                    .Array[0, 12]
                    .Select(words => string.Join(' ', words))
            )
            .Sample(
                text =>
                {
                    try
                    {
                        _ = ContextCondition.Parse(text);
                    }
                    catch (FormatException e)
                    {
                        Assert.Contains("no condition", e.Message, StringComparison.Ordinal);
                        Assert.Contains("at character", e.Message, StringComparison.Ordinal);
                    }
                },
                iter: 20_000
            );

    [Fact]
    public void A_pattern_means_what_the_same_regular_expression_means() =>
        Gen.Select(Gen.String[Gen.Char["ab*?"], 0, 8], Gen.String[Gen.Char["abAB"], 0, 8])
            .Sample(
                (pattern, word) =>
                {
                    string expression =
                        "^"
                        + pattern
                            .Replace("*", ".*", StringComparison.Ordinal)
                            .Replace("?", ".", StringComparison.Ordinal)
                        + "$";
                    Assert.Equal(
                        System.Text.RegularExpressions.Regex.IsMatch(
                            word,
                            expression,
                            System.Text.RegularExpressions.RegexOptions.IgnoreCase
                        ),
                        WordPattern.Matches(pattern, word)
                    );
                },
                iter: 20_000
            );

    [Theory]
    [InlineData("architecture == arm64", false)]
    [InlineData("architecture == X64", true)]
    [InlineData("context == spt-*", true)]
    [InlineData("not target == unix and profile != 'debug'", true)]
    [InlineData("target == unix or target == hvt or host == default", true)]
    [InlineData("target == unix and host == default or true", true)]
    [InlineData("target == unix and (host == default or true)", false)]
    [InlineData("NOT(target==\"unix\")", true)]
    public void Conditions_hold_as_they_read(string text, bool holds) =>
        Assert.Equal(
            holds,
            ContextCondition
                .Parse(text)
                .Holds(new BuildContext { Name = "spt-x64", Target = "spt" })
        );

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("architektur == x64", "did you mean 'architecture'?")]
    [InlineData(
        "architecture = x64",
        "== or != after 'architecture' should stand where '= x64' is"
    )]
    [InlineData(
        "architecture == x64 && true",
        "'and', 'or' or the end should stand where '&& true' is"
    )]
    [InlineData(
        "architecture ==",
        "it ends where a word to compare 'architecture' with should follow"
    )]
    [InlineData("architecture == and true", "'and' must stand in quotes")]
    [InlineData("(true", "it ends where ')' should follow")]
    [InlineData("target == 'spt", "no end")]
    public void A_mistake_is_told_with_its_place(string text, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<FormatException>(() => ContextCondition.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Endless_nesting_is_an_error_and_no_crash()
    {
        Assert.Throws<FormatException>(() =>
            ContextCondition.Parse(new string('(', 10_000) + "true")
        );
        Assert.Throws<FormatException>(() =>
            ContextCondition.Parse(string.Concat(Enumerable.Repeat("not ", 3_000)) + "true")
        );
        Assert.Throws<FormatException>(() =>
            ContextCondition.Parse(string.Join(" or ", Enumerable.Repeat("true", 100_000)))
        );
        Assert.True(
            ContextCondition
                .Parse(string.Join(" or ", Enumerable.Repeat("true", 1_500)))
                .Holds(new BuildContext { Name = "x" })
        );
    }

    private static Gen<ContextCondition> Nested(int depth) =>
        depth == 0
            ? Leaf
            : Gen.Frequency(
                (2, Leaf),
                (
                    1,
                    Nested(depth - 1)
                        .Select(inner => (ContextCondition)new ContextCondition.Not(inner))
                ),
                (
                    1,
                    Gen.Select(
                        Nested(depth - 1),
                        Nested(depth - 1),
                        (left, right) => (ContextCondition)new ContextCondition.And(left, right)
                    )
                ),
                (
                    1,
                    Gen.Select(
                        Nested(depth - 1),
                        Nested(depth - 1),
                        (left, right) => (ContextCondition)new ContextCondition.Or(left, right)
                    )
                )
            );
}
