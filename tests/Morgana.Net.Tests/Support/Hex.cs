namespace Morgana.Net.Tests;

/// <summary>Bytes written by hand, with spaces and line ends where they help the reader.</summary>
internal static class Hex
{
    public static byte[] Bytes(string text) =>
        Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));
}
