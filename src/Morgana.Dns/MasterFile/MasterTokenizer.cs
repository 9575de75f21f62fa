namespace Morgana.Dns;

/// <summary>What a master file is made of.</summary>
internal enum MasterToken
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>The end of a line outside parentheses.</summary>
    LineEnd,

    /// <summary>Characters up to a space, with escapes as written.</summary>
    Word,

    /// <summary>What stands between quotes, without them, with escapes as written.</summary>
    Quoted,

    /// <summary>Nothing that can be read; <see cref="MasterTokenizer.Error"/> says why.</summary>
    Bad,
}

/// <summary>
/// Cuts a master file into words (RFC 1035 section 5.1): parentheses join lines, a semicolon starts a comment, quotes keep spaces.
/// Makes no copies.
/// </summary>
internal ref struct MasterTokenizer
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _lineStart;
    private int _depth;
    private int _openLine;
    private int _currentLine;

    public MasterTokenizer(ReadOnlySpan<char> text, int line = 1)
    {
        _text = text;
        _currentLine = line;
        Line = line;
        Column = 1;
    }

    /// <summary>The kind of the current token.</summary>
    public MasterToken Kind { get; private set; }

    /// <summary>The current token's characters.</summary>
    public ReadOnlySpan<char> Text { get; private set; }

    /// <summary>The current token's line, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The current token's column in characters, from 1.</summary>
    public int Column { get; private set; }

    /// <summary>True when the current token is the first thing on a line, with no space before it.</summary>
    public bool AtLineStart { get; private set; }

    /// <summary>What is wrong, when the token is <see cref="MasterToken.Bad"/>.</summary>
    public string Error { get; private set; } = "";

    /// <summary>True at the end of an entry: no more words on this line.</summary>
    public readonly bool AtEntryEnd => Kind is MasterToken.LineEnd or MasterToken.End;

    /// <summary>True for a word or quoted text.</summary>
    public readonly bool IsText => Kind is MasterToken.Word or MasterToken.Quoted;

    /// <summary>Goes to the next token.</summary>
    public MasterToken Next()
    {
        if (Kind == MasterToken.Bad)
        {
            return Kind;
        }

        bool lineStart = _at == _lineStart && _depth == 0;
        while (_at < _text.Length)
        {
            char c = _text[_at];
            switch (c)
            {
                case ' ' or '\t' or '\r':
                    _at++;
                    lineStart = false;
                    continue;
                case ';':
                    int end = _text[_at..].IndexOf('\n');
                    _at = end < 0 ? _text.Length : _at + end;
                    continue;
                case '\n':
                    Place();
                    _at++;
                    _lineStart = _at;
                    _currentLine++;
                    if (_depth > 0)
                    {
                        continue;
                    }

                    return Set(MasterToken.LineEnd, default, false);
                case '(':
                    if (_depth++ == 0)
                    {
                        _openLine = _currentLine;
                    }

                    _at++;
                    lineStart = false;
                    continue;
                case ')':
                    if (_depth == 0)
                    {
                        Place();
                        return Fail(
                            "There is a ) without a ( before it: remove it, or write \\) for the character."
                        );
                    }

                    _depth--;
                    _at++;
                    lineStart = false;
                    continue;
                case '"':
                    return ReadQuoted(lineStart);
                default:
                    return ReadWord(lineStart);
            }
        }

        Place();
        return _depth > 0
            ? Fail($"The ( of line {_openLine} is never closed: write a ) where the entry ends.")
            : Set(MasterToken.End, default, false);
    }

    private MasterToken ReadQuoted(bool lineStart)
    {
        Place();
        int start = ++_at;
        if (!SkipToQuote())
        {
            return Fail(
                "The text after this \" has no closing \" on its line: write one, or \\\" for the character."
            );
        }

        return Set(MasterToken.Quoted, _text[start..(_at - 1)], lineStart);
    }

    private MasterToken ReadWord(bool lineStart)
    {
        Place();
        int start = _at;
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (c is ' ' or '\t' or '\r' or '\n' or ';' or '(' or ')')
            {
                break;
            }

            if (c == '\\')
            {
                // What is escaped is part of the word, whatever it is; a line's end cannot be.
                bool more = _at + 1 < _text.Length && _text[_at + 1] is not ('\n' or '\r');
                _at += more ? 2 : 1;
                continue;
            }

            if (c == '"')
            {
                // key="value with spaces" is one word (RFC 9460 section 2.1).
                if (_text[_at - 1] != '=')
                {
                    break;
                }

                _at++;
                if (!SkipToQuote())
                {
                    return Fail(
                        "The text after this =\" has no closing \" on its line: write one, or \\\" for the character."
                    );
                }

                break;
            }

            _at++;
        }

        return Set(MasterToken.Word, _text[start.._at], lineStart);
    }

    private bool SkipToQuote()
    {
        while (_at < _text.Length && _text[_at] != '\n')
        {
            switch (_text[_at++])
            {
                case '"':
                    return true;
                case '\\' when _at < _text.Length && _text[_at] != '\n':
                    _at++;
                    break;
            }
        }

        return false;
    }

    private void Place()
    {
        Line = _currentLine;
        Column = _at - _lineStart + 1;
    }

    private MasterToken Fail(string error)
    {
        Error = error;
        return Set(MasterToken.Bad, default, false);
    }

    private MasterToken Set(MasterToken kind, ReadOnlySpan<char> text, bool atLineStart)
    {
        Kind = kind;
        Text = text;
        AtLineStart = atLineStart;
        return kind;
    }
}
