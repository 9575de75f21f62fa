using Morgana.Workspace.Reading;

namespace Morgana.Workspace.Conditions;

/// <summary>Reads the conditions of EnabledIf by recursive descent.</summary>
internal sealed class ConditionParser(string text)
{
    /// <summary>Far more than anyone writes, and far less than the stack holds.</summary>
    private const int DeepestNesting = 100;

    /// <summary>A chain of a thousand comparisons, which is walked recursively.</summary>
    private const int LongestText = 16_000;

    private static readonly string[] Keywords = ["and", "or", "not", "true", "false"];

    private int _at;
    private int _depth;

    /// <summary>The whole text as one condition.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public ContextCondition Parse()
    {
        SkipSpace();
        if (_at == text.Length)
        {
            throw Error("it is empty; leave EnabledIf away for a context that always counts");
        }

        if (text.Length > LongestText)
        {
            throw new FormatException(
                $"The condition has {text.Length} letters; more than {LongestText} are not read."
            );
        }

        ContextCondition whole = ParseOr();
        return _at == text.Length ? whole : throw Unexpected("'and', 'or' or the end");
    }

    /// <summary>A word as it must be written to be read as that word.</summary>
    public static string Quote(string word) =>
        word.Length > 0
        && word.All(IsWordCharacter)
        && !Keywords.Contains(word, StringComparer.OrdinalIgnoreCase)
            ? word
        : word.Contains('\'', StringComparison.Ordinal) ? $"\"{word}\""
        : $"'{word}'";

    private ContextCondition ParseOr()
    {
        ContextCondition left = ParseAnd();
        while (TakeWord("or"))
        {
            left = new ContextCondition.Or(left, ParseAnd());
        }

        return left;
    }

    private ContextCondition ParseAnd()
    {
        ContextCondition left = ParseNot();
        while (TakeWord("and"))
        {
            left = new ContextCondition.And(left, ParseNot());
        }

        return left;
    }

    private ContextCondition ParseNot()
    {
        if (++_depth > DeepestNesting)
        {
            throw Error($"it is nested more than {DeepestNesting} deep");
        }

        ContextCondition result;
        if (TakeWord("not"))
        {
            result = new ContextCondition.Not(ParseNot());
        }
        else if (Take("("))
        {
            result = ParseOr();
            if (!Take(")"))
            {
                throw Unexpected("')'");
            }
        }
        else if (TakeWord("true"))
        {
            result = new ContextCondition.Constant(true);
        }
        else if (TakeWord("false"))
        {
            result = new ContextCondition.Constant(false);
        }
        else
        {
            result = ParseComparison();
        }

        _depth--;
        return result;
    }

    private ContextCondition.Comparison ParseComparison()
    {
        int start = _at;
        string? name = TakeBareWord();
        if (name is null)
        {
            throw Unexpected("a condition such as architecture == arm64");
        }

        string? variable = ContextCondition.Variables.FirstOrDefault(v =>
            v.Equals(name, StringComparison.OrdinalIgnoreCase)
        );
        if (variable is null)
        {
            _at = start;
            throw Error(
                $"it cannot ask about '{name}'"
                    + Spelling.Advice(name, ContextCondition.Variables, "questions").TrimEnd('.')
            );
        }

        bool equal =
            Take("==") || (Take("!=") ? false : throw Unexpected($"== or != after '{name}'"));
        int word = _at;
        string? pattern = TakeQuoted() ?? TakeBareWord();
        if (pattern is null)
        {
            throw Unexpected($"a word to compare '{name}' with");
        }

        if (
            text[word] is not ('\'' or '"')
            && Keywords.Contains(pattern, StringComparer.OrdinalIgnoreCase)
        )
        {
            _at = word;
            throw Error(
                $"a word to compare '{name}' with is missing; '{pattern}' must stand in quotes to be one"
            );
        }

        return new ContextCondition.Comparison(variable, equal, pattern);
    }

    private string? TakeQuoted()
    {
        if (_at == text.Length || text[_at] is not ('\'' or '"'))
        {
            return null;
        }

        int end = text.IndexOf(text[_at], _at + 1);
        if (end < 0)
        {
            throw Error("the quoted word has no end");
        }

        string word = text[(_at + 1)..end];
        _at = end + 1;
        SkipSpace();
        return word;
    }

    private string? TakeBareWord()
    {
        int end = EndOfWord();
        if (end == _at)
        {
            return null;
        }

        string word = text[_at..end];
        _at = end;
        SkipSpace();
        return word;
    }

    private bool TakeWord(string word)
    {
        int end = EndOfWord();
        if (!text.AsSpan(_at, end - _at).Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        _at = end;
        SkipSpace();
        return true;
    }

    private bool Take(string sign)
    {
        if (string.CompareOrdinal(text, _at, sign, 0, sign.Length) != 0)
        {
            return false;
        }

        _at += sign.Length;
        SkipSpace();
        return true;
    }

    private int EndOfWord()
    {
        int end = _at;
        while (end < text.Length && IsWordCharacter(text[end]))
        {
            end++;
        }

        return end;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private static bool IsWordCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '*' or '?' or '+';

    private FormatException Unexpected(string wanted) =>
        Error(
            _at == text.Length
                ? $"it ends where {wanted} should follow"
                : $"{wanted} should stand where '{text[_at..Math.Min(text.Length, _at + 12)]}' is"
        );

    private FormatException Error(string what) =>
        new($"'{text}' is no condition: {what} (at character {_at + 1})");
}
