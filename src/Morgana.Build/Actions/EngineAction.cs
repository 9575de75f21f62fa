using Morgana.Build.Plans;
using Morgana.Build.Stubs;
using Morgana.Elf;

namespace Morgana.Build.Actions;

/// <summary>The actions that take no program.</summary>
internal static class EngineAction
{
    /// <summary>Does one.</summary>
    /// <returns>What is to be told though it went well.</returns>
    /// <exception cref="BuildException">It cannot be done.</exception>
    public static string Run(BuildAction action)
    {
        switch (action.Kind)
        {
            case ActionKind.Manifest:
                WriteManifest(action);
                break;
            case ActionKind.Members:
                ExtractMembers(action);
                break;
            case ActionKind.Promote:
                ImagePromotion.Run(action);
                break;
            case ActionKind.Stubs:
                StubCheck.Run(action);
                break;
            case ActionKind.Imports:
                return ImportCheck.Run(action);
            case ActionKind.Copy:
                AtomicFile.Copy(action.Inputs[0], action.Outputs[0]);
                break;
            default:
                throw new InvalidOperationException($"{action.Kind} takes a program.");
        }

        return "";
    }

    private static void WriteManifest(BuildAction action)
    {
        try
        {
            AtomicFile.Write(
                action.Outputs[0],
                ManifestObject.Write(
                    ManifestJson.Parse(File.ReadAllBytes(action.Inputs[0]), action.Inputs[0]),
                    action.Arguments[0] == "arm64" ? ElfMachine.Arm64 : ElfMachine.X64
                )
            );
        }
        catch (ManifestException e)
        {
            throw new BuildException("MORGANA040", e.Message);
        }
    }

    private static void ExtractMembers(BuildAction action)
    {
        Dictionary<string, string> wanted = action.Outputs.ToDictionary(
            path => Path.GetFileName(path),
            path => path
        );
        Dictionary<string, ReadOnlyMemory<byte>> found = Archive.Extract(
            action.Inputs[0],
            new HashSet<string>(action.Arguments)
        );
        foreach ((string name, ReadOnlyMemory<byte> content) in found)
        {
            if (wanted.TryGetValue(Path.ChangeExtension(name, ".o"), out string? path))
            {
                AtomicFile.Write(path, content.Span);
            }
        }
    }
}
