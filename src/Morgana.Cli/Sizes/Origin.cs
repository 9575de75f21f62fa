namespace Morgana.Cli.Sizes;

/// <summary>Where bytes of an image come from, in four steps from coarse to fine.</summary>
/// <param name="Library">An assembly, or in parentheses what is none.</param>
/// <param name="Namespace">The namespace; of native code the source file.</param>
/// <param name="Type">The type with its namespace.</param>
/// <param name="Method">The method, as the compiler's symbol has it; of data what it is.</param>
internal readonly record struct Origin(string Library, string Namespace, string Type, string Method)
{
    /// <summary>Morgana's own C and assembly.</summary>
    public const string NativeLayer = "(Morgana native layer)";

    /// <summary>Collector, threads and exceptions of .NET, in C++.</summary>
    public const string NativeRuntime = "(.NET runtime, native)";

    /// <summary>String and maths functions.</summary>
    public const string CLibrary = "(C library functions)";

    /// <summary>Tables by which .NET finds types, methods and stack traces.</summary>
    public const string Metadata = "(.NET metadata)";

    /// <summary>Literals of C# programs; equal ones of all libraries are one.</summary>
    public const string Literals = "(string literals)";

    /// <summary>Code that the ahead-of-time compiler made up.</summary>
    public const string Compiler = "(compiler-generated)";

    /// <summary>Symbols and debug information; a stripped image has none.</summary>
    public const string Debug = "(symbols and debug information)";

    /// <summary>What belongs to nobody: headers, tables of the ELF format, alignment, and bytes that no symbol names.</summary>
    public const string Other = "(other)";

    /// <summary>An origin that is no assembly.</summary>
    public static Origin Of(string library, string part, string what = "") =>
        new(library, part, part, what.Length > 0 ? what : part);
}
