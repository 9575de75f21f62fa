namespace Morgana.Build.Diagnostics;

/// <summary>A place in a program that calls into a library.</summary>
/// <param name="Assembly">The library's name.</param>
/// <param name="Type">The type that is called, with its namespace.</param>
/// <param name="File">The source file as the debug information has it; empty when there is none.</param>
/// <param name="Line">The line, from 1; 0 when it is not known.</param>
internal readonly record struct CallSite(string Assembly, string Type, string File, int Line);
