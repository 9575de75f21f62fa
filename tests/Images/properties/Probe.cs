using System.Text;

namespace Properties;

/// <summary>What a program is given: where it says what it finds, and what it was started with.</summary>
/// <param name="Console">The machine's console.</param>
/// <param name="Clock">The machine's clocks.</param>
/// <param name="Text">A text.</param>
/// <param name="Number">A number.</param>
/// <param name="Slack">Milliseconds that a sleep may last longer than asked.</param>
public sealed record Probe(Stream Console, TimeProvider Clock, string Text, long Number, int Slack)
{
    /// <summary>Prints a line.</summary>
    public void Say(string line) => Console.Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Runs something that must fail.</summary>
    public void Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
            Say($"no {typeof(T).Name}");
        }
        catch (T)
        {
            Say($"caught {typeof(T).Name}");
        }
    }
}
