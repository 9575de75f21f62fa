using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Morgana.Build.Stubs;

namespace Morgana.Build.Diagnostics;

/// <summary>What an assembly refers to, imports and calls, read without loading it.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    private const byte Call = 0x28;
    private const byte CallVirtual = 0x6f;
    private const byte NewObject = 0x73;
    private const byte TwoBytes = 0xfe;
    private const byte LoadFunction = 0x06;

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

    /// <summary>The native functions that its methods import, each with the first line that calls it, as far as one is known.</summary>
    public IReadOnlyList<ImportedFunction> ImportedFunctions()
    {
        Dictionary<MethodDefinitionHandle, MethodImport> imports = [];
        foreach (MethodDefinitionHandle handle in _metadata.MethodDefinitions)
        {
            MethodImport import = _metadata.GetMethodDefinition(handle).GetImport();
            if (!import.Module.IsNil)
            {
                imports[handle] = import;
            }
        }

        if (imports.Count == 0)
        {
            return [];
        }

        using MetadataReaderProvider? provider = OpenSymbols();
        MetadataReader? source = provider?.GetMetadataReader();
        ILookup<MethodDefinitionHandle, (MethodDefinitionHandle Caller, int Offset)> calls =
            OwnCalls().ToLookup(call => call.Callee, call => (call.Caller, call.Offset));
        return
        [
            .. imports.Select(import =>
            {
                (string file, int line) = FirstCall(import.Key, calls, source);
                return new ImportedFunction(
                    NameOf(import.Key),
                    _metadata.GetString(_metadata.GetModuleReference(import.Value.Module).Name),
                    _metadata.GetString(import.Value.Name),
                    file,
                    line
                );
            }),
        ];
    }

    /// <summary>Where its code calls into one of these assemblies, in the order of the source.</summary>
    public IReadOnlyList<CallSite> CallsInto(IReadOnlySet<string> assemblies)
    {
        using MetadataReaderProvider? provider = OpenSymbols();
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

    private MetadataReaderProvider? OpenSymbols()
    {
        string symbols = Path.ChangeExtension(_path, ".pdb");
        return File.Exists(symbols)
            ? MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols))
            : null;
    }

    /// <summary>
    /// The line that calls a method. A call in generated code, as the marshalling of [LibraryImport] is, stands for the calls of the method that it is in.
    /// </summary>
    private static (string File, int Line) FirstCall(
        MethodDefinitionHandle method,
        ILookup<MethodDefinitionHandle, (MethodDefinitionHandle Caller, int Offset)> calls,
        MetadataReader? source
    )
    {
        HashSet<MethodDefinitionHandle> seen = [method];
        Queue<MethodDefinitionHandle> open = new(seen);
        while (open.TryDequeue(out MethodDefinitionHandle callee))
        {
            foreach ((MethodDefinitionHandle caller, int offset) in calls[callee])
            {
                (string file, int line) = Place(source, caller, offset);
                if (line > 0 && !file.EndsWith(".g.cs", StringComparison.OrdinalIgnoreCase))
                {
                    return (file, line);
                }

                if (seen.Add(caller))
                {
                    open.Enqueue(caller);
                }
            }
        }

        return ("", 0);
    }

    /// <summary>The calls between its own methods, and where pointers to them are taken.</summary>
    private IEnumerable<(
        MethodDefinitionHandle Callee,
        MethodDefinitionHandle Caller,
        int Offset
    )> OwnCalls()
    {
        foreach (MethodDefinitionHandle caller in _metadata.MethodDefinitions)
        {
            int address = _metadata.GetMethodDefinition(caller).RelativeVirtualAddress;
            byte[] code = address == 0 ? [] : _file.GetMethodBody(address).GetILBytes() ?? [];
            for (int at = 0; at + 5 <= code.Length; at++)
            {
                if (
                    code[at] is Call or CallVirtual or NewObject
                    || (code[at] == LoadFunction && at > 0 && code[at - 1] == TwoBytes)
                )
                {
                    int token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at + 1));
                    if (OwnMethod(token) is MethodDefinitionHandle callee)
                    {
                        yield return (callee, caller, at);
                    }
                }
            }
        }
    }

    private MethodDefinitionHandle? OwnMethod(int token)
    {
        int row = token & 0xffffff;
        switch ((uint)token >> 24)
        {
            case (uint)TableIndex.MethodDef
                when row > 0 && row <= _metadata.GetTableRowCount(TableIndex.MethodDef):
                return MetadataTokens.MethodDefinitionHandle(row);
            case (uint)TableIndex.MethodSpec
                when row > 0 && row <= _metadata.GetTableRowCount(TableIndex.MethodSpec):
                EntityHandle method = _metadata
                    .GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row))
                    .Method;
                return method.Kind == HandleKind.MethodDefinition
                    ? (MethodDefinitionHandle)method
                    : null;
            default:
                return null;
        }
    }

    private string NameOf(MethodDefinitionHandle handle)
    {
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        TypeDefinition type = _metadata.GetTypeDefinition(method.GetDeclaringType());
        string name = _metadata.GetString(method.Name);
        // What the generator of [LibraryImport] makes is called <Name>g____PInvoke|0_0.
        int end = name.StartsWith('<') ? name.IndexOf('>', StringComparison.Ordinal) : -1;
        return $"{_metadata.GetString(type.Name)}.{(end > 1 ? name[1..end] : name)}";
    }

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
