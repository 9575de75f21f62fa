using System.Security.Cryptography;
using System.Text;

namespace Morgana.Sdk;

/// <summary>
/// Whether an output is still what its inputs make: a hash of the inputs' contents and of the command stands in a file
/// beside it. Contents count, not times, so a switch of branches and back rebuilds nothing that did not change.
/// </summary>
internal static class Stamp
{
    /// <summary>The hash of the files' contents and of some text.</summary>
    public static string Compute(IEnumerable<string> files, params IEnumerable<string> text)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + '\n'));
        }

        foreach (string file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + '\0'));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>True when <paramref name="output"/> is there and was made from these inputs.</summary>
    public static bool IsCurrent(string output, string stamp) =>
        File.Exists(output)
        && File.Exists(output + ".stamp")
        && File.ReadAllText(output + ".stamp") == stamp;

    /// <summary>
    /// Before the output is made anew: a build that is stopped in the middle leaves half an output, which the stamp of the one before must not
    /// vouch for when the inputs are as they were then.
    /// </summary>
    public static void Forget(string output) => File.Delete(output + ".stamp");

    /// <summary>Notes what the output was made from.</summary>
    public static void Write(string output, string stamp) =>
        File.WriteAllText(output + ".stamp", stamp);
}
