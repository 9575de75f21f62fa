using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Morgana.Cli.Sizes;

/// <summary>
/// Finds the type and method of a symbol that the ahead-of-time compiler made. Its names have '_' for every character that C
/// has not, so they cannot be taken apart alone: the types of the assemblies that it compiled say which names there are.
/// </summary>
internal sealed class ManagedNames
{
    private const string CoreLibrary = "System.Private.CoreLib";

    /// <summary>What stands before the name of a type or method in symbols for data about it.</summary>
    private static readonly (string Prefix, string What)[] Prefixes =
    [
        ("<Boxed>", ""),
        ("unbox_", ""),
        ("__GCSTATICS", "(static data)"),
        ("__NONGCSTATICS", "(static data)"),
        ("__THREADSTATICS", "(static data)"),
        ("__GCStaticEEType_", "(static data)"),
        ("__GetGCStaticBase_", "(static data)"),
        ("__GetNonGCStaticBase_", "(static data)"),
        ("__GetThreadStaticBase_", "(static data)"),
        ("__TypeThreadStaticIndex", "(static data)"),
        ("__writableData", "(type)"),
        ("__GenericDict_", "(generic dictionary)"),
        ("__GenericInstance", "(type)"),
        ("__GenericVariance", "(type)"),
        ("__GenericLookupFromType_", "(generic lookup)"),
        ("__GenericLookupFromDict_", "(generic lookup)"),
        ("__InterfaceDispatchMap_", "(type)"),
        ("__InterfaceDispatchCell_", "(interface call)"),
        ("__SealedVTable_", "(type)"),
        ("__FrozenObj_", "(frozen object)"),
        ("__RuntimeType_", "(frozen object)"),
        ("__RuntimeMethodHandle_", "(method handle)"),
        ("__DelegateCtor_", ""),
        ("__fatpointer_", ""),
        ("__fataddresstakenpointer_", ""),
        ("__ehinfo_", ""),
        ("__readonlydata_", ""),
        ("_associatedData", ""),
    ];

    /// <summary>Types that the compiler calls by a name of their own.</summary>
    private static readonly Dictionary<string, string> Simple = new(StringComparer.Ordinal)
    {
        ["Void"] = "Void",
        ["Bool"] = "Boolean",
        ["Char"] = "Char",
        ["Int8"] = "SByte",
        ["UInt8"] = "Byte",
        ["Int16"] = "Int16",
        ["UInt16"] = "UInt16",
        ["Int32"] = "Int32",
        ["UInt32"] = "UInt32",
        ["Int64"] = "Int64",
        ["UInt64"] = "UInt64",
        ["IntPtr"] = "IntPtr",
        ["UIntPtr"] = "UIntPtr",
        ["Single"] = "Single",
        ["Double"] = "Double",
        ["String"] = "String",
        ["Object"] = "Object",
    };

    private readonly Dictionary<string, (string Library, string Namespace, string Type)> _types =
        new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private string[] _libraries = [];

    /// <summary>Takes up the types of an assembly; a file that is none is passed over.</summary>
    public void Add(string path)
    {
        try
        {
            using PEReader file = new(File.OpenRead(path));
            if (!file.HasMetadata)
            {
                return;
            }

            MetadataReader metadata = file.GetMetadataReader();
            string library = metadata.GetString(metadata.GetAssemblyDefinition().Name);
            foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
            {
                (string space, string name) = FullName(metadata, handle);
                Add(library, space, name);
            }
        }
        catch (Exception e)
            when (e is BadImageFormatException or IOException or InvalidOperationException)
        {
            // What cannot be read gives no names; its bytes then stand under "(other)".
        }
    }

    /// <summary>Takes up one type.</summary>
    /// <param name="library">Its assembly's name.</param>
    /// <param name="space">Its namespace; of a nested type that of the outermost.</param>
    /// <param name="name">Its name, for a nested type with those around it, '+' between them.</param>
    public void Add(string library, string space, string name)
    {
        string full = space.Length > 0 ? $"{space}.{name}" : name;
        string prefix = MangleLibrary(library) + "_";
        _ = _types.TryAdd(
            prefix + Mangle(full),
            (library, space.Length > 0 ? space : "(no namespace)", full)
        );
        if (_names.Add(prefix))
        {
            // The longer first: one may begin with another.
            _libraries = [.. _names.OrderByDescending(n => n.Length)];
        }
    }

    /// <summary>What a symbol belongs to; null when it names no type of the assemblies.</summary>
    public Origin? Find(string symbol)
    {
        string what = symbol.StartsWith("_ZTV", StringComparison.Ordinal) ? "(type)" : "";
        ReadOnlySpan<char> name = StripDigits(StripDigits(symbol, "_lsda"), "_ZTV");
        foreach ((string prefix, string kind) in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = name[prefix.Length..];
                what = kind;
            }
        }

        int simpleEnd = name.IndexOfAny('_', '<');
        string simple = (simpleEnd < 0 ? name : name[..simpleEnd]).ToString();
        if (
            Simple.TryGetValue(simple, out string? type)
            && (simpleEnd < 0 || name[simpleEnd..].StartsWith("__", StringComparison.Ordinal))
        )
        {
            return new Origin(
                CoreLibrary,
                "System",
                "System." + type,
                Method(name[simple.Length..], what)
            );
        }

        // At the beginning as a rule; in names of arrays, pointers and stubs somewhere behind.
        for (int start = 0; start < name.Length; start++)
        {
            // In a few names the arguments of a generic type are mangled as well, so that nothing marks its end.
            if (
                (FindAt(name[start..], what, strict: true) ?? FindAt(name[start..], what, false))
                is Origin found
            )
            {
                return found;
            }
        }

        return null;
    }

    private Origin? FindAt(ReadOnlySpan<char> name, string what, bool strict)
    {
        foreach (string library in _libraries)
        {
            if (!name.StartsWith(library, StringComparison.Ordinal))
            {
                continue;
            }

            var lookup = _types.GetAlternateLookup<ReadOnlySpan<char>>();
            int most = name.IndexOfAny('<', '>');
            for (int end = most < 0 ? name.Length : most; end > library.Length; end--)
            {
                if (
                    (
                        end == name.Length
                        || (strict ? name[end..].StartsWith("__") : name[end] == '_')
                        || name[end] is '<' or '>'
                    ) && lookup.TryGetValue(name[..end], out var type)
                )
                {
                    return new Origin(
                        type.Library,
                        type.Namespace,
                        type.Type,
                        Method(name[end..], what)
                    );
                }
            }
        }

        return null;
    }

    private static string Method(ReadOnlySpan<char> rest, string what)
    {
        // The arguments of a generic type stand between it and the method.
        int separator = rest.LastIndexOf("__");
        int open = rest.IndexOf('<');
        if (open == 0)
        {
            int depth = 0;
            int i = 0;
            for (; i < rest.Length; i++)
            {
                depth += rest[i] switch
                {
                    '<' => 1,
                    '>' => -1,
                    _ => 0,
                };
                if (depth == 0)
                {
                    break;
                }
            }

            rest = i < rest.Length ? rest[(i + 1)..] : [];
            separator = rest.IndexOf("__");
        }

        if (separator < 0 || rest.Length == 0)
        {
            return what.Length > 0 ? what : "(type)";
        }

        ReadOnlySpan<char> method = rest.StartsWith("__", StringComparison.Ordinal)
            ? rest[2..]
            : rest[(separator + 2)..];
        int arguments = method.IndexOf('<');
        if (arguments > 0)
        {
            method = method[..arguments];
        }

        return what.Length > 0 && what != "(type)" ? $"{method} {what}" : method.ToString();
    }

    private static ReadOnlySpan<char> StripDigits(ReadOnlySpan<char> name, string prefix)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return name;
        }

        int end = prefix.Length;
        while (end < name.Length && char.IsAsciiDigit(name[end]))
        {
            end++;
        }

        return name[end..];
    }

    private static (string Namespace, string Name) FullName(
        MetadataReader metadata,
        TypeDefinitionHandle handle
    )
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = metadata.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } declaring)
        {
            (string space, string around) = FullName(metadata, declaring);
            return (space, $"{around}+{name}");
        }

        return (metadata.GetString(type.Namespace), name);
    }

    private static string MangleLibrary(string name) =>
        Mangle(
            name.StartsWith("System.Private.", StringComparison.Ordinal)
                ? "S.P." + name["System.Private.".Length..]
                : name
        );

    private static string Mangle(string name)
    {
        StringBuilder mangled = new(name.Length);
        foreach (char c in name)
        {
            _ = mangled.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return mangled.ToString();
    }
}
