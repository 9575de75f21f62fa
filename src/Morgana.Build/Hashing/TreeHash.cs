using System.Security.Cryptography;
using System.Text;
using Morgana.Build.Plans;

namespace Morgana.Build.Hashing;

/// <summary>The hash of a folder: of the names of its files, and of their contents where those count.</summary>
public static class TreeHash
{
    /// <summary>Computes it.</summary>
    public static string Of(SourceTree tree, FileHashes hashes)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(hashes);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in tree.Files())
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(tree.Folder, file) + '\0'));
            if (tree.Contents)
            {
                hash.AppendData(Encoding.ASCII.GetBytes(hashes.Of(file)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
