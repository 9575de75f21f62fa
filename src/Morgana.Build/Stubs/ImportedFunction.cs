namespace Morgana.Build.Stubs;

/// <summary>A P/Invoke as an assembly declares it.</summary>
/// <param name="Method">The C# method, with its type.</param>
/// <param name="Library">The library that it names.</param>
/// <param name="EntryPoint">The function that it names.</param>
/// <param name="File">The source file of the first call of it; empty when none is known.</param>
/// <param name="Line">The line, from 1; 0 when it is not known.</param>
internal sealed record ImportedFunction(
    string Method,
    string Library,
    string EntryPoint,
    string File,
    int Line
);
