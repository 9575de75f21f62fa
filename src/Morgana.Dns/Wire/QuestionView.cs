namespace Morgana.Dns;

/// <summary>A question where it lies in a message.</summary>
public readonly ref struct QuestionView
{
    internal QuestionView(DnsNameView name, RecordType type, RecordClass recordClass)
    {
        Name = name;
        Type = type;
        Class = recordClass;
    }

    /// <summary>The name asked for, in the case in which it was asked.</summary>
    public DnsNameView Name { get; }

    /// <summary>The type asked for.</summary>
    public RecordType Type { get; }

    /// <summary>The class asked for.</summary>
    public RecordClass Class { get; }

    /// <summary>True when both ask for the same; the case of the name does not count.</summary>
    public bool Is(in Question question) =>
        Type == question.Type && Class == question.Class && Name.Equals(question.Name);

    /// <summary>Copies the question to the heap.</summary>
    public Question ToQuestion() => new(Name.ToName(), Type, Class);
}
