namespace Morgana.Runtime;

/// <summary>
/// Tells what was given to which argument. An argument is written <c>--name=value</c>, <c>--name:value</c> or <c>--name value</c>;
/// a letter also <c>-lvalue</c>, and letters without values in one word (<c>-abc</c>). After <c>--</c> nothing is an argument.
/// </summary>
internal sealed class BootCommandLine(List<BootOption> options)
{
    private BootOption? _open;

    /// <summary>What belongs to no argument.</summary>
    public List<string> Strays { get; } = [];

    /// <summary>Takes the words of the command line.</summary>
    public void Take(IReadOnlyList<string> words)
    {
        bool ended = false;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (ended)
            {
                Strays.Add(word);
            }
            else if (word is "--")
            {
                ended = true;
            }
            else
            {
                Take(word);
            }
        }
    }

    private void Take(string word)
    {
        bool isValue = _open is { WantsValue: true };
        if (
            (isValue || !TryOpen(word))
            && !TakeNameAndValue(word)
            && (isValue || !TakeLetters(word))
        )
        {
            Give(word);
        }
    }

    private bool TakeNameAndValue(string word)
    {
        int end = word.AsSpan().IndexOfAny('=', ':');
        if (end < 0 || !TryOpen(word.AsSpan(0, end)))
        {
            return false;
        }

        if (end + 1 < word.Length)
        {
            Give(word[(end + 1)..]);
        }

        return true;
    }

    /// <summary>Letters in one word; the rest after one that takes a value is the value.</summary>
    private bool TakeLetters(string word)
    {
        if (word.Length < 3 || word[0] != '-' || word[1] is '-' or ':' or '=')
        {
            return false;
        }

        for (int i = 1; i < word.Length; i++)
        {
            if (!TryOpen(['-', word[i]]))
            {
                if (i == 1)
                {
                    return false;
                }

                Give(word[(word[i] is '=' or ':' ? i + 1 : i)..]);
                return true;
            }

            if (_open is { WantsValue: true } && i + 1 < word.Length)
            {
                int value = word[i + 1] is '=' or ':' ? i + 2 : i + 1;
                Give(word[value..]);
                return true;
            }
        }

        return true;
    }

    private bool TryOpen(ReadOnlySpan<char> word)
    {
        foreach (BootOption option in options)
        {
            if (option.NameOf(word) is { } name)
            {
                option.GivenAs ??= name;
                _open = option.ValueName is null ? null : option;
                return true;
            }
        }

        return false;
    }

    private void Give(string value)
    {
        (_open?.Given ?? Strays).Add(value);
        _open = null;
    }
}
