using System.IO.Compression;
using System.Security.Cryptography;
using NuGet.Packaging;
using NuGet.Packaging.Core;

namespace Morgana.Cli.Needs.Packages;

/// <summary>
/// Compares a package on this machine with the hash that a lock names. NuGet compares hashes when it unpacks a package and
/// trusts its own note ever after; this looks at the package file and at every file unpacked from it.
/// </summary>
internal static class PackageCheck
{
    /// <summary>Hidden files count.</summary>
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
    };

    /// <summary>What is wrong, a sentence each; nothing when all is well.</summary>
    /// <param name="package">The package.</param>
    /// <param name="expected">The hash that the lock names; empty when it names none.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static IReadOnlyList<string> Problems(
        InstalledPackage package,
        string expected,
        CancellationToken cancellation
    )
    {
        if (!File.Exists(package.ArchivePath))
        {
            return [$"{package.Folder} has no {Path.GetFileName(package.ArchivePath)}"];
        }

        try
        {
            string found = ContentHash(package, cancellation);
            if (expected.Length > 0 && found != expected)
            {
                return
                [
                    $"{package.ArchivePath} is not the package that the lock names (SHA-512 {Short(found)}, the lock has {Short(expected)})",
                ];
            }

            return [.. ChangedFiles(package, cancellation)];
        }
        catch (Exception exception)
            when (exception is InvalidDataException or PackagingException or IOException)
        {
            return [$"{package.ArchivePath} cannot be read: {exception.Message}"];
        }
    }

    /// <summary>SHA-512 of a package's content in base 64, without the signature that a server may have added.</summary>
    public static string ContentHash(InstalledPackage package, CancellationToken cancellation)
    {
        using PackageArchiveReader reader = new(package.ArchivePath);
        return reader.GetContentHash(
            cancellation,
            () =>
            {
                using FileStream archive = File.OpenRead(package.ArchivePath);
                return Convert.ToBase64String(SHA512.HashData(archive));
            }
        );
    }

    private static IEnumerable<string> ChangedFiles(
        InstalledPackage package,
        CancellationToken cancellation
    )
    {
        using ZipArchive archive = ZipFile.OpenRead(package.ArchivePath);
        byte[] left = new byte[1 << 16];
        byte[] right = new byte[1 << 16];
        HashSet<string> packed = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            string name = Uri.UnescapeDataString(entry.FullName).Replace('\\', '/');
            string path = Path.GetFullPath(Path.Combine(package.Folder, name));
            if (
                name.EndsWith('/')
                || IsBookkeeping(name)
                || !path.StartsWith(
                    package.Folder + Path.DirectorySeparatorChar,
                    StringComparison.Ordinal
                )
            )
            {
                continue;
            }

            packed.Add(path);
            if (!File.Exists(path))
            {
                if (!MayBeLeftOut(name))
                {
                    yield return $"{path} is in the package and not here: somebody has removed it";
                }
            }
            else if (new FileInfo(path).Length != entry.Length || Differ(entry, path, left, right))
            {
                yield return $"{path} is not as it came in the package: somebody has changed it";
            }
        }

        foreach (
            string path in Directory
                .EnumerateFiles(package.Folder, "*", Everything)
                .Order(StringComparer.Ordinal)
        )
        {
            cancellation.ThrowIfCancellationRequested();
            if (
                !packed.Contains(path)
                && !IsNoteOfNuGet(Path.GetRelativePath(package.Folder, path))
                // Documentation that NuGet was told to keep compressed.
                && !(
                    path.EndsWith(".xml.zip", StringComparison.OrdinalIgnoreCase)
                    && packed.Contains(path[..^".zip".Length])
                )
            )
            {
                yield return $"{path} did not come in the package: somebody has added it";
            }
        }
    }

    /// <summary>What holds a package file together and is not unpacked, or in another spelling.</summary>
    private static bool IsBookkeeping(string name) =>
        name == "[Content_Types].xml"
        || name.StartsWith("_rels/", StringComparison.Ordinal)
        || (
            name.StartsWith("package/services/", StringComparison.Ordinal)
            && name.EndsWith(".psmdcp", StringComparison.Ordinal)
        )
        || (
            !name.Contains('/', StringComparison.Ordinal)
            && name.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Documentation of the assembly beside it, which NUGET_XMLDOC_MODE leaves out.</summary>
    private static bool MayBeLeftOut(string name) =>
        name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
        && (
            name.StartsWith("lib/", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("ref/", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>What NuGet puts beside the files of a package: the package itself, its hash, the description and notes.</summary>
    private static bool IsNoteOfNuGet(string name) =>
        Path.GetFileName(name) == name
        && (
            name == ".nupkg.metadata"
            || name.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".nupkg.sha512", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase)
        );

    private static bool Differ(ZipArchiveEntry entry, string path, byte[] left, byte[] right)
    {
        using Stream packed = entry.Open();
        using FileStream unpacked = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        while (true)
        {
            int read = packed.ReadAtLeast(left, left.Length, throwOnEndOfStream: false);
            int other = unpacked.ReadAtLeast(right, right.Length, throwOnEndOfStream: false);
            if (!left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, other)))
            {
                return true;
            }

            if (read < left.Length)
            {
                return false;
            }
        }
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] + "..." : hash;
}
