using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;
using Morgana.Workspace;
using Morgana.Workspace.Contexts;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana contexts</c>.</summary>
internal static class ContextsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, string directory)
    {
        Option<string?> folder = CommonOptions.Folder();
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "contexts",
            "Lists the build contexts: what each builds, with which toolchain from where, and whether that can be used here."
        )
        {
            folder,
            json,
        };
        command.SetAction(parsed =>
        {
            UnikernelFolder unikernel = CommonOptions.Open(parsed, directory, folder);
            if (!File.Exists(Path.Combine(unikernel.Location, DeclaredWorkspace.GeneratedFile)))
            {
                throw new CommandException(
                    ExitCode.NotConfigured,
                    "This unikernel is not configured: run morgana configure -t spt."
                );
            }

            ContextRow[] rows;
            DeclaredWorkspace workspace;
            try
            {
                workspace = DeclaredWorkspace.Load(unikernel.Location);
                rows = Rows(workspace, unikernel.AssetsPath);
            }
            catch (WorkspaceException exception)
            {
                throw new CommandException(
                    ExitCode.Failed,
                    "The build contexts have mistakes:\n"
                        + string.Join(
                            '\n',
                            exception.Mistakes.Select(m => Short(m, unikernel.Location))
                        )
                );
            }

            if (parsed.GetValue(json))
            {
                terminal.Json(
                    new JsonArray([.. rows.Select(row => (JsonNode)row.ToJson(unikernel.Location))])
                );
            }
            else
            {
                Print(terminal, rows);
            }

            foreach (WorkspaceMistake note in workspace.Notes)
            {
                terminal.Error.Write(
                    Short(note, unikernel.Location)
                        .Replace(": error ", ": note ", StringComparison.Ordinal) + "\n"
                );
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static ContextRow[] Rows(DeclaredWorkspace workspace, string assets)
    {
        IReadOnlyList<string> packages = PackageFolders.Of(assets);
        SdkLocation? sdk = SdkLocation.Find(workspace.Folder, packages, GeneratedFiles.ToolVersion);
        ToolchainSearch search = new(
            ToolchainSearch.PlacesOf(
                workspace,
                ToolchainPackages.Read(assets),
                sdk?.Toolchains,
                Environment.GetEnvironmentVariable(ToolchainSearch.Variable)
            )
        );
        ToolchainCheck check = new()
        {
            ProgramFolders = ToolchainCheck.FoldersOfPath(),
            PackageFolders = packages,
            BuildRuntime = BuildRuntime(),
            NativeAotVersion = sdk?.NativeAotVersion() ?? "",
        };
        return
        [
            .. workspace.Contexts.Select(context => ContextRow.Of(context, search, sdk, check)),
        ];
    }

    /// <summary>The portable name of this machine, as packages have it, whatever the system calls itself.</summary>
    private static string BuildRuntime() =>
        (
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux"
        )
        + "-"
        + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    private static string Short(WorkspaceMistake mistake, string folder) =>
        mistake.File.Length == 0
            ? mistake.ToString()
            : (mistake with { File = ContextRow.Relative(mistake.File, folder) }).ToString();

    private static void Print(Terminal terminal, ContextRow[] rows)
    {
        string[] heads =
        [
            "CONTEXT",
            "HOST",
            "TARGET",
            "ARCHITECTURE",
            "TOOLCHAIN",
            "FROM",
            "PROFILE",
            "IMAGE",
            "USABLE",
        ];
        string[][] cells = [heads, .. rows.Select(row => row.Cells)];
        int[] widths = [.. heads.Select((_, i) => cells.Max(line => line[i].Length))];
        for (int line = 0; line < cells.Length; line++)
        {
            terminal.Out.Write(
                string.Join("  ", cells[line].Select((cell, i) => cell.PadRight(widths[i])))
                    .TrimEnd() + "\n"
            );
            if (line > 0)
            {
                foreach (MissingPart part in rows[line - 1].Missing)
                {
                    terminal.Out.Write($"    missing: {part.Name}: {part.Remedy}\n");
                }
            }
        }
    }
}
