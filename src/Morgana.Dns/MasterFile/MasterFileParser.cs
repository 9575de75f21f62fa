using System.Globalization;

namespace Morgana.Dns;

/// <summary>
/// Reads entries and directives (RFC 1035 section 5.1, RFC 2308 section 4 for $TTL). After an error it goes on with the next
/// entry, so that an author sees all errors at once.
/// </summary>
internal sealed class MasterFileParser(MasterFileOptions options)
{
    /// <summary>After so many errors the rest is not looked at.</summary>
    public const int MaxErrors = 50;

    /// <summary>Files within files: a file that includes itself must end somewhere.</summary>
    public const int MaxIncludeDepth = 8;

    /// <summary>Files altogether.</summary>
    public const int MaxIncludes = 1000;

    /// <summary>Records that one $GENERATE may make.</summary>
    public const int MaxGenerated = 65_536;

    private readonly List<MasterFileEntry> _entries = [];
    private readonly List<MasterFileIssue> _issues = [];
    private string _file = options.FileName;
    private DnsName _origin = options.Origin;
    private DnsName? _owner;
    private uint? _defaultTtl = options.DefaultTtl;
    private uint? _lastTtl;
    private int _depth;
    private int _includes;

    public IReadOnlyList<MasterFileEntry> Entries => _entries;

    public IReadOnlyList<MasterFileIssue> Issues => _issues;

    public void Parse(ReadOnlySpan<char> text)
    {
        // A byte order mark is no part of the first name.
        Parse(text is ['\ufeff', .. var rest] ? rest : text, firstLine: 1);
    }

    private void Parse(ReadOnlySpan<char> text, int firstLine)
    {
        var tokens = new MasterTokenizer(text, firstLine);
        while (tokens.Next() != MasterToken.End && _issues.Count < MaxErrors)
        {
            if (tokens.Kind == MasterToken.LineEnd)
            {
                continue;
            }

            string? error =
                tokens.Kind == MasterToken.Bad ? tokens.Error
                : tokens is { AtLineStart: true, Kind: MasterToken.Word } && tokens.Text[0] == '$'
                    ? ParseDirective(ref tokens)
                : ParseRecord(ref tokens);
            if (error is not null)
            {
                _issues.Add(
                    new MasterFileIssue(_file, tokens.Line, tokens.Column, IsError: true, error)
                );
                while (!tokens.AtEntryEnd && tokens.Kind != MasterToken.Bad)
                {
                    tokens.Next();
                }
            }

            if (tokens.Kind is MasterToken.Bad or MasterToken.End)
            {
                return;
            }
        }
    }

    private string? ParseDirective(ref MasterTokenizer tokens)
    {
        ReadOnlySpan<char> directive = tokens.Text;
        if (directive.Equals("$GENERATE", StringComparison.OrdinalIgnoreCase))
        {
            return ParseGenerate(ref tokens);
        }

        if (directive.Equals("$INCLUDE", StringComparison.OrdinalIgnoreCase))
        {
            return ParseInclude(ref tokens);
        }

        if (directive.Equals("$ORIGIN", StringComparison.OrdinalIgnoreCase))
        {
            tokens.Next();
            string? error = ReadName(ref tokens, out DnsName origin);
            if (error is not null)
            {
                return error;
            }

            tokens.Next();
            _origin = origin;
            return End(ref tokens);
        }

        if (directive.Equals("$TTL", StringComparison.OrdinalIgnoreCase))
        {
            tokens.Next();
            if (!tokens.IsText || !TryReadTtl(tokens.Text, out uint ttl))
            {
                return tokens.Kind == MasterToken.Bad
                    ? tokens.Error
                    : "After $TTL a number of seconds is wanted, from 0 to 2147483647, as in 3600 or 1h.";
            }

            tokens.Next();
            _defaultTtl = ttl;
            return End(ref tokens);
        }

        return $"'{directive}' is not a directive: there are $ORIGIN, $TTL, $INCLUDE and $GENERATE. Write \\$ for a name that starts so.";
    }

    private string? ParseInclude(ref MasterTokenizer tokens)
    {
        tokens.Next();
        if (!tokens.IsText)
        {
            return tokens.Kind == MasterToken.Bad
                ? tokens.Error
                : "After $INCLUDE the name of a file is wanted.";
        }

        string name = tokens.Text.ToString();
        if (options.Include is null)
        {
            return $"$INCLUDE of '{name}' is refused: files are not included here. Put the records into this file.";
        }

        if (_depth == MaxIncludeDepth || _includes == MaxIncludes)
        {
            return $"$INCLUDE of '{name}' goes too far: at most {MaxIncludeDepth} files within each other and {MaxIncludes} altogether. Does a file include itself?";
        }

        string? text = options.Include(name);
        if (text is null)
        {
            return $"The file '{name}' cannot be read: correct the name after $INCLUDE, or put the file there.";
        }

        tokens.Next();
        DnsName origin = _origin;
        if (tokens.IsText)
        {
            string? error = ReadName(ref tokens, out origin);
            if (error is not null)
            {
                return error;
            }

            tokens.Next();
        }

        string? end = End(ref tokens);
        if (end is not null)
        {
            return end;
        }

        // RFC 1035: the origin of the including file is as before afterwards; the last owner as well.
        (string File, DnsName Origin, DnsName? Owner) outer = (_file, _origin, _owner);
        _file = name;
        _origin = origin;
        _depth++;
        _includes++;
        Parse(text);
        _depth--;
        (_file, _origin, _owner) = outer;
        return null;
    }

    private string? ParseGenerate(ref MasterTokenizer tokens)
    {
        int line = tokens.Line;
        tokens.Next();
        if (!tokens.IsText || !TryReadRange(tokens.Text, out int from, out int to, out int step))
        {
            return tokens.Kind == MasterToken.Bad
                ? tokens.Error
                : "After $GENERATE a range is wanted, as in 1-10 or 0-100/2.";
        }

        if ((to - from) / step >= MaxGenerated)
        {
            return $"$GENERATE makes more than {MaxGenerated} records: cut the range into several.";
        }

        var template = new System.Text.StringBuilder();
        while (tokens.Next() is MasterToken.Word or MasterToken.Quoted)
        {
            template.Append(template.Length == 0 ? "" : " ");
            if (tokens.Kind == MasterToken.Quoted)
            {
                template.Append('"').Append(tokens.Text).Append('"');
            }
            else
            {
                template.Append(tokens.Text);
            }
        }

        if (!tokens.AtEntryEnd)
        {
            return tokens.Error;
        }

        string text = template.ToString();
        for (int i = from; i <= to; i += step)
        {
            int before = _issues.Count;
            if (!GenerateTemplate.TryExpand(text, i, out string entry))
            {
                return "The template of $GENERATE has a bad ${offset,width,base}: width is 0 to 255, base d, o, x or X; write $$ for a $.";
            }

            Parse(entry, line);
            if (_issues.Count > before)
            {
                // Each number gives the same error: one is enough.
                return null;
            }

            if (to - i < step)
            {
                break;
            }
        }

        return null;
    }

    private static bool TryReadRange(
        ReadOnlySpan<char> text,
        out int from,
        out int to,
        out int step
    )
    {
        to = 0;
        step = 1;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> range = slash < 0 ? text : text[..slash];
        int dash = range.IndexOf('-');
        return int.TryParse(
                range[..Math.Max(dash, 0)],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out from
            )
            && int.TryParse(
                range[(dash + 1)..],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out to
            )
            && (
                slash < 0
                || int.TryParse(
                    text[(slash + 1)..],
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out step
                )
            )
            && from <= to
            && step > 0;
    }

    private string? ParseRecord(ref MasterTokenizer tokens)
    {
        int line = tokens.Line;
        if (tokens.AtLineStart)
        {
            string? error = ReadName(ref tokens, out DnsName owner);
            if (error is not null)
            {
                return error;
            }

            _owner = owner;
            tokens.Next();
        }

        if (_owner is not { } name)
        {
            return "The first record has no owner: write a name, or @ for the origin, at the start of the line.";
        }

        uint? ttl = null;
        bool hasClass = false;
        RecordType type;
        while (true)
        {
            if (!tokens.IsText)
            {
                return tokens.Kind == MasterToken.Bad
                    ? tokens.Error
                    : $"The record of {name} has no type: write one, as in A or MX.";
            }

            ReadOnlySpan<char> word = tokens.Text;
            if (ttl is null && Duration.TryParse(word, out uint seconds))
            {
                if (seconds > int.MaxValue)
                {
                    return $"The TTL {word} is too large: 2147483647 seconds is the most (RFC 2181).";
                }

                ttl = seconds;
            }
            else if (
                !hasClass
                && RecordTypeText.TryParse(word, out RecordClass recordClass)
                && recordClass is not (RecordClass.Any or RecordClass.None)
            )
            {
                if (recordClass != options.Class)
                {
                    return $"The class {recordClass.ToText()} does not belong here: all records of this zone are of the class {options.Class.ToText()}.";
                }

                hasClass = true;
            }
            else if (RecordTypeText.TryParse(word, out type))
            {
                break;
            }
            else
            {
                return $"'{word}' is not a record type: write one as in A or MX, or TYPEn with n from 1 to 65535.";
            }

            tokens.Next();
        }

        if (type.IsMeta())
        {
            return $"{type.ToText()} cannot be in a zone: it exists in messages only.";
        }

        tokens.Next();
        var parser = new RDataParser(type, _origin);
        string? wrong = parser.Parse(ref tokens, options.Class);
        if (wrong is not null)
        {
            return wrong;
        }

        RData data = parser.Result;
        // RFC 2308 section 4: $TTL; without one, RFC 1035 has the last TTL that was written.
        uint? effective = ttl ?? _defaultTtl ?? _lastTtl;
        if (effective is null && SoaData.TryRead(data.View, out SoaData soa))
        {
            // The zone's own word on how long things last, as RFC 1035 section 3.3.13 meant it.
            effective = Math.Min(soa.Minimum, int.MaxValue);
        }

        if (effective is not { } final)
        {
            return $"The record of {name} has no TTL: write a line such as $TTL 1h at the top of the file.";
        }

        _lastTtl = ttl ?? _lastTtl ?? final;
        _entries.Add(
            new MasterFileEntry(new ResourceRecord(name, final, data, options.Class), _file, line)
        );
        return null;
    }

    private string? ReadName(ref MasterTokenizer tokens, out DnsName name)
    {
        name = DnsName.Root;
        if (tokens.Kind != MasterToken.Word)
        {
            return tokens.Kind == MasterToken.Bad ? tokens.Error
                : tokens.Kind == MasterToken.Quoted
                    ? $"\"{tokens.Text}\" is quoted where a domain name is wanted: remove the quotes."
                : "A domain name is wanted here.";
        }

        NameTextError error = NameText.TryParse(tokens.Text, _origin, out name);
        return error == NameTextError.None ? null : NameText.Explain(error, tokens.Text);
    }

    private static string? End(ref MasterTokenizer tokens) =>
        tokens.AtEntryEnd ? null
        : tokens.Kind == MasterToken.Bad ? tokens.Error
        : $"'{tokens.Text}' is too much: the directive ends before it.";

    private static bool TryReadTtl(ReadOnlySpan<char> text, out uint ttl) =>
        Duration.TryParse(text, out ttl) && ttl <= int.MaxValue;
}
