using System.Reflection;

namespace Morgana.Configuration.Graph;

/// <summary>The C# source that names a type in the generated program.</summary>
internal static class TypeName
{
    private static readonly HashSet<string> Keywords =
    [
        "bool",
        "byte",
        "char",
        "decimal",
        "double",
        "float",
        "int",
        "long",
        "object",
        "sbyte",
        "short",
        "string",
        "uint",
        "ulong",
        "ushort",
    ];

    /// <summary>The type that <typeparamref name="T"/> stands for, or its own name.</summary>
    public static string Of<T>() => Of(typeof(T));

    private static string Of(Type type)
    {
        if (type.GetCustomAttribute<StandsForAttribute>(inherit: false) is { } standsFor)
        {
            return Qualify(standsFor.Type);
        }

        if (type.IsArray || type.IsPointer || type.IsByRef)
        {
            throw new ConfigurationException(
                $"{type} cannot be the type of a device: take a class, a struct or an interface."
            );
        }

        string? keyword = Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => null,
            TypeCode.Boolean => "bool",
            TypeCode.Byte => "byte",
            TypeCode.Char => "char",
            TypeCode.Decimal => "decimal",
            TypeCode.Double => "double",
            TypeCode.Single => "float",
            TypeCode.Int16 => "short",
            TypeCode.Int32 => "int",
            TypeCode.Int64 => "long",
            TypeCode.SByte => "sbyte",
            TypeCode.String => "string",
            TypeCode.UInt16 => "ushort",
            TypeCode.UInt32 => "uint",
            TypeCode.UInt64 => "ulong",
            _ => null,
        };
        if (keyword is not null)
        {
            return keyword;
        }

        if (!type.IsGenericType)
        {
            return Qualify(type.FullName!.Replace('+', '.'));
        }

        if (type.IsNested)
        {
            throw new ConfigurationException(
                $"{type} cannot be the type of a device: declare a stand-in with [StandsFor] for a generic type inside another type."
            );
        }

        string open = type.GetGenericTypeDefinition().FullName!;
        return Qualify(open[..open.IndexOf('`', StringComparison.Ordinal)])
            + $"<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }

    private static string Qualify(string name) =>
        Keywords.Contains(name) || name.StartsWith("global::", StringComparison.Ordinal)
            ? name
            : "global::" + name;
}
