using System.Text;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Configure;

/// <summary>Brings the folder of generated files to the state that the configuration asks for, touching nothing else.</summary>
internal sealed class GeneratedFolder(UnikernelFolder folder, SavedContext? earlier)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes what is not there or different, and removes what an earlier configuration wrote and this one does not.</summary>
    /// <param name="files">The files by name, without the saved context.</param>
    /// <param name="context">The saved context.</param>
    /// <param name="force">Also replaces files that are not the tool's.</param>
    /// <returns>What was done, file by file.</returns>
    /// <exception cref="CommandException">A file of somebody else is in the way; nothing was written.</exception>
    public IReadOnlyList<FileChange> Apply(
        SortedDictionary<string, string> files,
        SavedContext context,
        bool force
    )
    {
        List<FileChange> changes = [.. files.Select(file => Compare(file.Key, file.Value))];
        // The saved context comes last: if writing ends half-way, the next configure finds the old one and goes on.
        changes.AddRange(Stale(files.Keys));
        changes.Add(Compare(SavedContext.FileName, context.ToJson()));

        List<FileChange> foreign = [.. changes.Where(c => c.Kind == ChangeKind.Foreign)];
        if (foreign.Count > 0 && !force)
        {
            throw new CommandException(
                ExitCode.Failed,
                string.Join(
                    "\nmorgana: ",
                    foreign.Select(c =>
                        $"{GeneratedFiles.Folder}/{c.Name} is in the way: it was not written by morgana configure."
                    )
                ) + "\nMove it elsewhere, or use --force to replace it. Nothing was written."
            );
        }

        foreach (FileChange change in changes)
        {
            string path = Path.Combine(folder.GeneratedPath, change.Name);
            switch (change.Kind)
            {
                case ChangeKind.Removed:
                    File.Delete(path);
                    break;
                case ChangeKind.Unchanged or ChangeKind.Kept:
                    break;
                default:
                    Directory.CreateDirectory(folder.GeneratedPath);
                    string content =
                        change.Name == SavedContext.FileName
                            ? context.ToJson()
                            : files[change.Name];
                    // Whoever reads the file meanwhile sees the old one or the new one, never a half.
                    string temporary = path + ".tmp";
                    try
                    {
                        File.WriteAllText(temporary, content, Utf8);
                        File.Move(temporary, path, overwrite: true);
                    }
                    catch (IOException)
                    {
                        File.Delete(temporary);
                        throw;
                    }

                    break;
            }
        }

        return changes;
    }

    private FileChange Compare(string name, string content)
    {
        string path = Path.Combine(folder.GeneratedPath, name);
        if (!File.Exists(path))
        {
            return new(name, ChangeKind.Written);
        }

        byte[] present = File.ReadAllBytes(path);
        if (present.AsSpan().SequenceEqual(Utf8.GetBytes(content)))
        {
            return new(name, ChangeKind.Unchanged);
        }

        string? recorded = earlier?.Files.GetValueOrDefault(name);
        bool marked = Utf8.GetString(present)
            .Contains(GeneratedFiles.Mark, StringComparison.Ordinal);
        return recorded == SavedContext.Hash(present) ? new(name, ChangeKind.Written)
            : name == SavedContext.FileName && marked ? new(name, ChangeKind.Written)
            : recorded is not null || marked ? new(name, ChangeKind.Restored)
            : new(name, ChangeKind.Foreign);
    }

    private IEnumerable<FileChange> Stale(IEnumerable<string> wanted)
    {
        foreach ((string name, string hash) in earlier?.Files ?? [])
        {
            string path = Path.Combine(folder.GeneratedPath, name);
            // The context is a file that anybody can edit: only names beside it are believed.
            if (
                name == Path.GetFileName(name)
                && !wanted.Contains(name)
                && name != SavedContext.FileName
                && File.Exists(path)
            )
            {
                yield return new(
                    name,
                    SavedContext.Hash(File.ReadAllBytes(path)) == hash
                        ? ChangeKind.Removed
                        : ChangeKind.Kept
                );
            }
        }
    }
}
