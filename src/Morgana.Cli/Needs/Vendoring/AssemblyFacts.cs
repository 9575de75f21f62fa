using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>What an assembly says of itself that its sources do not: its name, its key, its resources, its friends.</summary>
internal sealed class AssemblyFacts
{
    private AssemblyFacts() { }

    /// <summary>The assembly's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version, of four numbers.</summary>
    public required string Version { get; init; }

    /// <summary>The key that others know it by; empty for one without.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Assemblies that see its internals.</summary>
    public required IReadOnlyList<string> Friends { get; init; }

    /// <summary>Its embedded resources, by name.</summary>
    public required IReadOnlyList<SourceFile> Resources { get; init; }

    /// <summary>True when it says that it can be trimmed.</summary>
    public required bool IsTrimmable { get; init; }

    /// <summary>Reads an assembly.</summary>
    /// <exception cref="BadImageFormatException">It is none.</exception>
    public static AssemblyFacts Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using PEReader image = new(stream);
        MetadataReader reader = image.GetMetadataReader();
        AssemblyDefinition assembly = reader.GetAssemblyDefinition();
        List<(
            string Type,
            ImmutableArray<CustomAttributeTypedArgument<string>> Arguments
        )> attributes =
        [
            .. assembly
                .GetCustomAttributes()
                .Select(reader.GetCustomAttribute)
                .Select(a => (TypeOf(reader, a), a))
                .Where(a => a.Item1 is "InternalsVisibleToAttribute" or "AssemblyMetadataAttribute")
                .Select(a => (a.Item1, a.a.DecodeValue(new NameProvider()).FixedArguments)),
        ];
        return new AssemblyFacts
        {
            Name = reader.GetString(assembly.Name),
            Version = assembly.Version.ToString(4),
            PublicKey = reader.GetBlobBytes(assembly.PublicKey),
            Friends =
            [
                .. attributes
                    .Where(a => a.Type == "InternalsVisibleToAttribute")
                    .Select(a => (string?)a.Arguments[0].Value ?? ""),
            ],
            IsTrimmable = attributes.Any(a =>
                a.Type == "AssemblyMetadataAttribute"
                && a.Arguments is [{ Value: "IsTrimmable" }, { Value: "True" }]
            ),
            Resources = [.. ReadResources(image, reader)],
        };
    }

    private static IEnumerable<SourceFile> ReadResources(PEReader image, MetadataReader reader)
    {
        int start = image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
        foreach (ManifestResourceHandle handle in reader.ManifestResources)
        {
            ManifestResource resource = reader.GetManifestResource(handle);
            if (resource.Implementation.IsNil)
            {
                BlobReader content = image
                    .GetSectionData(start)
                    .GetReader(
                        (int)resource.Offset,
                        image.GetSectionData(start).Length - (int)resource.Offset
                    );
                yield return new SourceFile(
                    reader.GetString(resource.Name),
                    content.ReadBytes(content.ReadInt32())
                );
            }
        }
    }

    private static string TypeOf(MetadataReader reader, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
            is { Kind: HandleKind.TypeReference } parent
            ? reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name)
            : "";

    /// <summary>Types of attribute arguments, of which only text matters here.</summary>
    private sealed class NameProvider : ICustomAttributeTypeProvider<string>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSystemType() => "System.Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(
            MetadataReader reader,
            TypeDefinitionHandle handle,
            byte rawTypeKind
        ) => reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(
            MetadataReader reader,
            TypeReferenceHandle handle,
            byte rawTypeKind
        ) => reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromSerializedName(string name) => name;

        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => type == "System.Type";
    }
}
