using Morgana.Workspace.Contexts;

namespace Morgana.Workspace.Conditions;

/// <summary>
/// What EnabledIf says: a truth about a build context, such as <c>architecture == arm64 and not context == *-small</c>.
/// docs/contexts.md has the grammar.
/// </summary>
public abstract record ContextCondition
{
    /// <summary>The fields of a context that a condition may ask about.</summary>
    public static IReadOnlyList<string> Variables { get; } =
    ["context", "architecture", "target", "profile", "host"];

    private ContextCondition() { }

    /// <summary>Reads a condition.</summary>
    /// <exception cref="FormatException">It is no condition; the message says where and why.</exception>
    public static ContextCondition Parse(string text) => new ConditionParser(text).Parse();

    /// <summary>Whether it holds for a context.</summary>
    public abstract bool Holds(BuildContext context);

    /// <summary>All comparisons in it.</summary>
    internal abstract IEnumerable<Comparison> Comparisons { get; }

    /// <summary>How tightly it binds: 0 or, 1 and, 2 not, 3 the rest.</summary>
    private protected abstract int Strength { get; }

    /// <summary>As it would be written; <see cref="Parse"/> reads it back.</summary>
    public sealed override string ToString() => Print();

    private protected abstract string Print();

    private protected static string Inside(ContextCondition part, int strength) =>
        part.Strength < strength ? $"({part})" : part.ToString();

    /// <summary><c>true</c> or <c>false</c>.</summary>
    /// <param name="Value">Which.</param>
    public sealed record Constant(bool Value) : ContextCondition
    {
        internal override IEnumerable<Comparison> Comparisons => [];

        private protected override int Strength => 3;

        /// <inheritdoc/>
        public override bool Holds(BuildContext context) => Value;

        private protected override string Print() => Value ? "true" : "false";
    }

    /// <summary><c>VARIABLE == WORD</c> or <c>VARIABLE != WORD</c>.</summary>
    /// <param name="Variable">One of <see cref="Variables"/>.</param>
    /// <param name="Equal">False for <c>!=</c>.</param>
    /// <param name="Pattern">The word; it may have the wildcards <c>*</c> and <c>?</c>.</param>
    public sealed record Comparison(string Variable, bool Equal, string Pattern) : ContextCondition
    {
        internal override IEnumerable<Comparison> Comparisons => [this];

        private protected override int Strength => 3;

        /// <inheritdoc/>
        public override bool Holds(BuildContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            string value = Variable switch
            {
                "context" => context.Name,
                "architecture" => context.Architecture,
                "target" => context.Target,
                "profile" => context.Profile,
                "host" => context.Host,
                _ => throw new InvalidOperationException(Variable),
            };
            return WordPattern.Matches(Pattern, value) == Equal;
        }

        private protected override string Print() =>
            $"{Variable} {(Equal ? "==" : "!=")} {ConditionParser.Quote(Pattern)}";
    }

    /// <summary><c>not A</c>.</summary>
    /// <param name="Operand">A.</param>
    public sealed record Not(ContextCondition Operand) : ContextCondition
    {
        internal override IEnumerable<Comparison> Comparisons => Operand.Comparisons;

        private protected override int Strength => 2;

        /// <inheritdoc/>
        public override bool Holds(BuildContext context) => !Operand.Holds(context);

        private protected override string Print() => "not " + Inside(Operand, 2);
    }

    /// <summary><c>A and B</c>.</summary>
    /// <param name="Left">A.</param>
    /// <param name="Right">B.</param>
    public sealed record And(ContextCondition Left, ContextCondition Right) : ContextCondition
    {
        internal override IEnumerable<Comparison> Comparisons =>
            Left.Comparisons.Concat(Right.Comparisons);

        private protected override int Strength => 1;

        /// <inheritdoc/>
        public override bool Holds(BuildContext context) =>
            Left.Holds(context) && Right.Holds(context);

        // To the left it needs no parentheses; to the right it does, so that what is read back has the same shape.
        private protected override string Print() => $"{Inside(Left, 1)} and {Inside(Right, 2)}";
    }

    /// <summary><c>A or B</c>.</summary>
    /// <param name="Left">A.</param>
    /// <param name="Right">B.</param>
    public sealed record Or(ContextCondition Left, ContextCondition Right) : ContextCondition
    {
        internal override IEnumerable<Comparison> Comparisons =>
            Left.Comparisons.Concat(Right.Comparisons);

        private protected override int Strength => 0;

        /// <inheritdoc/>
        public override bool Holds(BuildContext context) =>
            Left.Holds(context) || Right.Holds(context);

        private protected override string Print() => $"{Inside(Left, 0)} or {Inside(Right, 1)}";
    }
}
