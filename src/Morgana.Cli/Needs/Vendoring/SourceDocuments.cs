using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>What a portable PDB tells of an assembly's sources: which they are, where they came from, how they were compiled.</summary>
internal sealed class SourceDocuments
{
    private static readonly Guid SourceLink = new("cc110556-a091-4d38-9fec-25ab9a351a6a");
    private static readonly Guid EmbeddedSource = new("0e8a571b-6926-466e-b4ad-8ab04611f5fe");
    private static readonly Guid CompilationOptions = new("b5feec05-8cd0-4a83-96da-466284bb4bd8");
    private static readonly Guid Sha256 = new("8829d00f-11b8-4213-878b-770e8597ac16");
    private static readonly Guid Sha384 = new("d99cfeb1-8c43-444a-8a6c-b61269d2a0bf");
    private static readonly Guid Sha512 = new("ef2d1afc-6550-46d6-b14b-d70afe9a5566");

    private SourceDocuments(
        IReadOnlyList<SourceDocument> documents,
        IReadOnlyDictionary<string, string> options,
        IReadOnlyDictionary<string, string> links
    )
    {
        Documents = documents;
        Options = options;
        Links = links;
    }

    /// <summary>The source files.</summary>
    public IReadOnlyList<SourceDocument> Documents { get; }

    /// <summary>The compiler's options, as it wrote them down: <c>language-version</c>, <c>define</c>, <c>nullable</c>...</summary>
    public IReadOnlyDictionary<string, string> Options { get; }

    /// <summary>Where sources can be had: a path, or its beginning and a star, to an address.</summary>
    public IReadOnlyDictionary<string, string> Links { get; }

    /// <summary>The address of a source; null when the PDB names none.</summary>
    public string? AddressOf(SourceDocument document)
    {
        foreach ((string pattern, string address) in Links)
        {
            string path = pattern.Replace('\\', '/');
            if (
                path.EndsWith('*') && document.Path.StartsWith(path[..^1], StringComparison.Ordinal)
            )
            {
                return address.Replace(
                    "*",
                    string.Join(
                        '/',
                        document.Path[(path.Length - 1)..].Split('/').Select(Uri.EscapeDataString)
                    ),
                    StringComparison.Ordinal
                );
            }

            if (path == document.Path)
            {
                return address;
            }
        }

        return null;
    }

    /// <summary>
    /// Reads the PDB of an assembly: inside it, beside it, or in a package of symbols (.snupkg) that lies in one of
    /// <paramref name="symbolFolders"/>.
    /// </summary>
    /// <param name="assembly">Full path of the assembly in its package's folder.</param>
    /// <param name="asset">Its path in the package, with forward slashes.</param>
    /// <param name="symbolPackage">File name of the package of symbols.</param>
    /// <param name="symbolFolders">Folders that may hold it.</param>
    /// <returns>Null when there is no portable PDB that belongs to this assembly.</returns>
    public static SourceDocuments? Find(
        string assembly,
        string asset,
        string symbolPackage,
        IEnumerable<string> symbolFolders
    )
    {
        using FileStream stream = File.OpenRead(assembly);
        using PEReader image = new(stream);
        byte[]? wanted = IdOf(image);
        foreach (DebugDirectoryEntry entry in image.ReadDebugDirectory())
        {
            if (entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb)
            {
                using MetadataReaderProvider inside =
                    image.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
                return Read(inside.GetMetadataReader());
            }
        }

        string beside = Path.ChangeExtension(assembly, ".pdb");
        if (File.Exists(beside) && Parse(File.ReadAllBytes(beside), wanted) is { } found)
        {
            return found;
        }

        foreach (string path in symbolFolders.Select(f => Path.Combine(f, symbolPackage)))
        {
            if (!File.Exists(path))
            {
                continue;
            }

            using ZipArchive archive = ZipFile.OpenRead(path);
            if (archive.GetEntry(Path.ChangeExtension(asset, ".pdb")) is { } entry)
            {
                using MemoryStream content = new();
                using (Stream packed = entry.Open())
                {
                    packed.CopyTo(content);
                }

                if (Parse(content.ToArray(), wanted) is { } symbols)
                {
                    return symbols;
                }
            }
        }

        return null;
    }

    private static byte[]? IdOf(PEReader image)
    {
        foreach (DebugDirectoryEntry entry in image.ReadDebugDirectory())
        {
            if (entry.Type == DebugDirectoryEntryType.CodeView && entry.IsPortableCodeView)
            {
                CodeViewDebugDirectoryData data = image.ReadCodeViewDebugDirectoryData(entry);
                return [.. data.Guid.ToByteArray(), .. BitConverter.GetBytes(entry.Stamp)];
            }
        }

        return null;
    }

    /// <summary>Reads a PDB file; null when it is of the old kind, or of another build of the assembly.</summary>
    private static SourceDocuments? Parse(byte[] content, byte[]? wanted)
    {
        if (content is not [(byte)'B', (byte)'S', (byte)'J', (byte)'B', ..])
        {
            return null;
        }

        try
        {
            using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(
                new MemoryStream(content)
            );
            MetadataReader reader = provider.GetMetadataReader();
            return
                wanted is null
                || reader.DebugMetadataHeader?.Id.AsSpan().SequenceEqual(wanted) == true
                ? Read(reader)
                : null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static SourceDocuments Read(MetadataReader reader)
    {
        Dictionary<DocumentHandle, byte[]> embedded = [];
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        Dictionary<string, string> links = new(StringComparer.Ordinal);
        foreach (CustomDebugInformationHandle handle in reader.CustomDebugInformation)
        {
            CustomDebugInformation information = reader.GetCustomDebugInformation(handle);
            Guid kind = reader.GetGuid(information.Kind);
            byte[] value = reader.GetBlobBytes(information.Value);
            if (kind == EmbeddedSource && information.Parent.Kind == HandleKind.Document)
            {
                embedded[(DocumentHandle)information.Parent] = Unpack(value);
            }
            else if (kind == CompilationOptions)
            {
                string[] words = Encoding.UTF8.GetString(value).Split('\0');
                for (int i = 0; i + 1 < words.Length; i += 2)
                {
                    options[words[i]] = words[i + 1];
                }
            }
            else if (kind == SourceLink)
            {
                ReadLinks(value, links);
            }
        }

        return new SourceDocuments(
            [
                .. reader.Documents.Select(handle =>
                {
                    Document document = reader.GetDocument(handle);
                    Guid algorithm = reader.GetGuid(document.HashAlgorithm);
                    return new SourceDocument(
                        reader.GetString(document.Name).Replace('\\', '/'),
                        algorithm == Sha256 ? HashAlgorithmName.SHA256
                            : algorithm == Sha384 ? HashAlgorithmName.SHA384
                            : algorithm == Sha512 ? HashAlgorithmName.SHA512
                            : default,
                        reader.GetBlobBytes(document.Hash),
                        embedded.GetValueOrDefault(handle)
                    );
                }),
            ],
            options,
            links
        );
    }

    private static void ReadLinks(byte[] json, Dictionary<string, string> links)
    {
        try
        {
            foreach (
                (string path, JsonNode? address) in JsonNode.Parse(json)?["documents"]?.AsObject()
                    ?? []
            )
            {
                links[path] = (string?)address ?? "";
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A PDB whose links cannot be read has none.
        }
    }

    /// <summary>Four bytes with the length of what follows, packed; zero for what is as it is.</summary>
    private static byte[] Unpack(byte[] value)
    {
        int length = BitConverter.ToInt32(value);
        if (length == 0)
        {
            return value[4..];
        }

        using DeflateStream packed = new(
            new MemoryStream(value, 4, value.Length - 4),
            CompressionMode.Decompress
        );
        using MemoryStream content = new();
        packed.CopyTo(content);
        return content.ToArray();
    }
}
