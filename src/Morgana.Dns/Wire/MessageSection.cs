namespace Morgana.Dns;

/// <summary>The sections of a message, in their order.</summary>
public enum MessageSection
{
    /// <summary>What is asked.</summary>
    Question = 0,

    /// <summary>What answers it.</summary>
    Answer = 1,

    /// <summary>Who has authority.</summary>
    Authority = 2,

    /// <summary>What may help: addresses of servers named above, and OPT.</summary>
    Additional = 3,
}
