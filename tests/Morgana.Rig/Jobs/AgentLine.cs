using System.Text;

namespace Morgana.Rig.Jobs;

/// <summary>A line of the agent's, a few bytes: read one at a time, since nothing after the line may be taken.</summary>
internal static class AgentLine
{
    /// <summary>Reads it; what there was of it when the connection ends.</summary>
    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }
}
