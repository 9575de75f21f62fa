using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Morgana.Build.Diagnostics;

/// <summary>What an assembly refers to, imports and calls, read without loading it.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    private const byte Call = 0x28;
    private const byte CallVirtual = 0x6f;
    private const byte NewObject = 0x73;

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly string _path;

    private CompiledAssembly(string path, PEReader file)
    {
        _path = path;
        _file = file;
        _metadata = file.GetMetadataReader();
        Name = _metadata.GetString(_metadata.GetAssemblyDefinition().Name);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Opens an assembly; null when the file is none.</summary>
    public static CompiledAssembly? TryOpen(string path)
    {
        PEReader? file = null;
        try
        {
            file = new PEReader(File.OpenRead(path));
            if (file.HasMetadata)
            {
                CompiledAssembly assembly = new(path, file);
                file = null;
                return assembly;
            }

            return null;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or BadImageFormatException
                        or InvalidOperationException
                        or UnauthorizedAccessException
            )
        {
            // Messages about another mistake must not fail for this.
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>The assemblies that it refers to, by name.</summary>
    public IEnumerable<string> References() =>
        _metadata.AssemblyReferences.Select(handle =>
            _metadata.GetString(_metadata.GetAssemblyReference(handle).Name)
        );

    /// <summary>The native functions that its methods import.</summary>
    public IEnumerable<string> Imports()
    {
        foreach (MethodDefinitionHandle handle in _metadata.MethodDefinitions)
        {
            MethodImport import = _metadata.GetMethodDefinition(handle).GetImport();
            if (!import.Module.IsNil)
            {
                yield return _metadata.GetString(import.Name);
            }
        }
    }

    /// <summary>Where its code calls into one of these assemblies, in the order of the source.</summary>
    public IReadOnlyList<CallSite> CallsInto(IReadOnlySet<string> assemblies)
    {
        string symbols = Path.ChangeExtension(_path, ".pdb");
        using MetadataReaderProvider? provider = File.Exists(symbols)
            ? MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols))
            : null;
        MetadataReader? source = provider?.GetMetadataReader();
        List<CallSite> found = [];
        foreach (MethodDefinitionHandle handle in _metadata.MethodDefinitions)
        {
            int address = _metadata.GetMethodDefinition(handle).RelativeVirtualAddress;
            if (address == 0)
            {
                continue;
            }

            byte[] code = _file.GetMethodBody(address).GetILBytes() ?? [];
            // At every byte, not at every instruction: what is no call has no token of a foreign method behind it but by chance.
            for (int at = 0; at + 5 <= code.Length; at++)
            {
                if (
                    code[at] is Call or CallVirtual or NewObject
                    && Called(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at + 1)))
                        is (string assembly, string type)
                    && assemblies.Contains(assembly)
                )
                {
                    (string file, int line) = Place(source, handle, at);
                    CallSite site = new(assembly, type, file, line);
                    if (!found.Contains(site))
                    {
                        found.Add(site);
                    }
                }
            }
        }

        return
        [
            .. found
                .OrderBy(site => site.File, StringComparer.Ordinal)
                .ThenBy(site => site.Line)
                .ThenBy(site => site.Type, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private (string Assembly, string Type)? Called(int token)
    {
        try
        {
            EntityHandle handle = MetadataTokens.EntityHandle(token);
            if (handle.Kind == HandleKind.MethodSpecification)
            {
                handle = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
            }

            if (
                handle.Kind != HandleKind.MemberReference
                || _metadata.GetMemberReference((MemberReferenceHandle)handle).Parent
                    is not { Kind: HandleKind.TypeReference } parent
            )
            {
                return null;
            }

            TypeReference type = _metadata.GetTypeReference((TypeReferenceHandle)parent);
            string name = _metadata.GetString(type.Name);
            while (type.ResolutionScope.Kind == HandleKind.TypeReference)
            {
                type = _metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
                name = _metadata.GetString(type.Name) + "." + name;
            }

            return type.ResolutionScope.Kind == HandleKind.AssemblyReference
                ? (
                    _metadata.GetString(
                        _metadata
                            .GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope)
                            .Name
                    ),
                    $"{_metadata.GetString(type.Namespace)}.{name}"
                )
                : null;
        }
        catch (Exception e)
            when (e is BadImageFormatException or ArgumentException or InvalidCastException)
        {
            // The four bytes were no token.
            return null;
        }
    }

    private static (string File, int Line) Place(
        MetadataReader? source,
        MethodDefinitionHandle method,
        int offset
    )
    {
        if (source is null)
        {
            return ("", 0);
        }

        SequencePoint? last = null;
        foreach (
            SequencePoint point in source
                .GetMethodDebugInformation(method.ToDebugInformationHandle())
                .GetSequencePoints()
        )
        {
            if (!point.IsHidden && point.Offset <= offset)
            {
                last = point;
            }
        }

        return last is { } place
            ? (source.GetString(source.GetDocument(place.Document).Name), place.StartLine)
            : ("", 0);
    }
}
