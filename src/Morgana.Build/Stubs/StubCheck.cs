using Morgana.Build.Plans;
using Morgana.Elf;
using Morgana.Workspace;

namespace Morgana.Build.Stubs;

/// <summary>
/// Holds foreign stubs against the rest of a link before it is done: a linker takes the first of two functions where one is in an archive, and says nothing.
/// </summary>
internal static class StubCheck
{
    /// <summary>The code of what is wrong with a stub's symbols or format.</summary>
    public const string Code = "MORGANA044";

    /// <summary>The code of system calls.</summary>
    public const string SystemCallCode = "MORGANA042";

    // The linker scripts' own; between two of them system calls are allowed.
    private const string ReservedPrefix = "__morgana_";

    private const int MostNamed = 4;

    /// <summary>Does the action: its first output is the mark that all is well.</summary>
    /// <exception cref="BuildException">A stub cannot be linked.</exception>
    public static void Run(BuildAction action)
    {
        IReadOnlyList<StubFile> stubs = StubFile.Read(action.Arguments);
        HashSet<string> own = new(stubs.Select(stub => stub.Path), StringComparer.Ordinal);
        List<WorkspaceMistake> mistakes = Check(
            stubs,
            [.. action.Inputs.Where(input => !own.Contains(input))],
            action.Arguments[0]
        );
        if (mistakes.Count > 0)
        {
            throw new BuildException(mistakes);
        }

        AtomicFile.Write(action.Outputs[0], "good\n"u8);
    }

    /// <summary>Everything that is wrong with the stubs.</summary>
    /// <param name="stubs">The stubs of the link.</param>
    /// <param name="others">All other objects and archives of the link.</param>
    /// <param name="architecture">The architecture, as .NET calls it.</param>
    public static List<WorkspaceMistake> Check(
        IReadOnlyList<StubFile> stubs,
        IReadOnlyList<string> others,
        string architecture
    )
    {
        List<WorkspaceMistake> mistakes = [];
        Dictionary<string, (StubFile Stub, bool Weak)> owners = new(StringComparer.Ordinal);
        ElfMachine machine = architecture == "arm64" ? ElfMachine.Arm64 : ElfMachine.X64;
        foreach (StubFile stub in stubs)
        {
            try
            {
                foreach (NativeObject part in NativeObject.Read(stub.Path))
                {
                    if (part.File.Machine != machine)
                    {
                        mistakes.Add(
                            new WorkspaceMistake(
                                Code,
                                stub.Source,
                                0,
                                $"{part} is for another processor than {architecture}: name one file for each, as in libfoo.{{architecture}}.a."
                            )
                        );
                        break;
                    }

                    Look(stub, part, owners, mistakes);
                }
            }
            catch (Exception e) when (e is ElfException or BuildException)
            {
                string advice = stub.IsCompiled
                    ? "a stub becomes an ordinary object: take -flto and the like out of its Flags"
                    : $"a stub's library is an archive of ELF objects for {architecture}";
                mistakes.Add(new WorkspaceMistake(Code, stub.Source, 0, $"{e.Message}; {advice}."));
            }
        }

        mistakes.AddRange(Doubles(owners, others));
        return mistakes;
    }

    private static void Look(
        StubFile stub,
        NativeObject part,
        Dictionary<string, (StubFile Stub, bool Weak)> owners,
        List<WorkspaceMistake> mistakes
    )
    {
        if (part.File.ReadSections().Any(section => section.Name == ImageCheck.SectionName))
        {
            Add(
                SystemCallCode,
                $"{part} has a section {ImageCheck.SectionName}, which is for the bindings' system calls only."
            );
        }
        else if (stub.IsCompiled)
        {
            // Of a library only what is linked counts, and the image is searched for that.
            SystemCallSite[] calls =
            [
                .. ImageCheck.FindSystemCalls(part.File).Where(site => site.Certain),
            ];
            if (calls.Length > 0)
            {
                Add(
                    SystemCallCode,
                    $"It has system call instructions ({string.Join(", ", calls.Take(MostNamed).Select(site => $"{site.Instruction} in {site.Symbol ?? "code without a name"}"))}): an image may reach its host only through the bindings. Take a device of Morgana, and give the stub its bytes."
                );
            }
        }

        foreach (ElfSymbol symbol in part.Symbols)
        {
            if (symbol.Name.StartsWith(ReservedPrefix, StringComparison.Ordinal))
            {
                Add(
                    Code,
                    $"{symbol.Name} begins with {ReservedPrefix}, as only names of the native layer may: call it something else."
                );
            }
        }

        foreach (ElfSymbol symbol in part.Exports)
        {
            bool weak = symbol.Binding == WeakBinding;
            if (!owners.TryGetValue(symbol.Name, out (StubFile Stub, bool Weak) first))
            {
                owners[symbol.Name] = (stub, weak);
            }
            else if (first.Stub != stub && !weak && !first.Weak)
            {
                Add(
                    Code,
                    $"{symbol.Name} is in {Path.GetFileName(first.Stub.Source)} as well: an image has one of a name. Make one of them static, or call it something else."
                );
            }
        }

        void Add(string code, string message)
        {
            WorkspaceMistake mistake = new(code, stub.Source, 0, message);
            if (!mistakes.Contains(mistake))
            {
                mistakes.Add(mistake);
            }
        }
    }

    private const byte WeakBinding = 2;

    /// <summary>What a stub has and the native layer or .NET's runtime as well.</summary>
    private static IEnumerable<WorkspaceMistake> Doubles(
        Dictionary<string, (StubFile Stub, bool Weak)> owners,
        IReadOnlyList<string> others
    )
    {
        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (string other in others)
        {
            foreach (NativeObject part in NativeObject.Read(other))
            {
                foreach (ElfSymbol symbol in part.Exports)
                {
                    if (
                        owners.TryGetValue(symbol.Name, out (StubFile Stub, bool Weak) owner)
                        && told.Add(symbol.Name)
                    )
                    {
                        yield return new WorkspaceMistake(
                            Code,
                            owner.Stub.Source,
                            0,
                            $"{symbol.Name} is in what every image stands on as well ({part}): it would take the place of that one. Make it static, call it something else, or leave it out and use the one that is there."
                        );
                    }
                }
            }
        }
    }
}
