using System.Text;

namespace Properties.Programs;

/// <summary>What is written is on the console, whole and in order: byte by byte, nothing at all, other scripts, and more than any buffer holds.</summary>
internal static class Consoles
{
    public static int Run(Probe probe)
    {
        foreach (byte b in "one byte at a time\n"u8)
        {
            probe.Console.WriteByte(b);
        }

        probe.Console.Write([]);
        probe.Say("Grüße, 世界");
        probe.Say(new string('x', 3000) + "!");
        StringBuilder lines = new();
        for (int i = 0; i < 500; i++)
        {
            lines.Append("line ").Append(i).Append('\n');
        }

        probe.Console.Write(Encoding.ASCII.GetBytes(lines.ToString()));
        probe.Console.Flush();
        Console.WriteLine("and System.Console is the same");
        return 0;
    }
}
