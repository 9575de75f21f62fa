namespace Morgana.Cli.Sizes;

/// <summary>What the bytes of an image are summed by.</summary>
internal enum SizeKind
{
    /// <summary>Assemblies.</summary>
    Library,

    /// <summary>Namespaces, each with its assembly.</summary>
    Namespace,

    /// <summary>Types.</summary>
    Type,

    /// <summary>Methods.</summary>
    Method,
}
