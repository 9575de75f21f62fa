namespace Morgana.Build.Plans;

/// <summary>What an action does. The first three run inside the engine, the others are programs.</summary>
public enum ActionKind
{
    /// <summary>Writes the manifest's note as an object: inputs manifest.json, argument the architecture, output the object.</summary>
    Manifest,

    /// <summary>Takes members out of an archive: inputs the archive and the list of members, outputs the members.</summary>
    Members,

    /// <summary>Checks a linked image, strips it and puts it into dist/: input the image, output the file in dist/.</summary>
    Promote,

    /// <summary>Copies the first input to the first output.</summary>
    Copy,

    /// <summary>The C# compiler.</summary>
    CSharp,

    /// <summary>A compilation of C or assembly.</summary>
    Native,

    /// <summary>The ahead-of-time compiler, from IL to a native object.</summary>
    Managed,

    /// <summary>The linker.</summary>
    Link,

    /// <summary>A program that a target or the workspace runs.</summary>
    Program,

    /// <summary>
    /// Checks foreign stubs against the rest of a link, inside the engine: arguments the stubs, inputs their objects and all others that are linked, output a mark.
    /// </summary>
    Stubs,

    /// <summary>
    /// Checks that native code has the functions that C# imports, inside the engine: arguments the stubs, inputs the native object of the program and its assemblies, output a
    /// mark.
    /// </summary>
    Imports,
}
