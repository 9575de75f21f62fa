using System.Text;
using System.Text.Json.Nodes;
using Morgana.Cli.Projects;
using Morgana.Configuration;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Configure;

/// <summary>
/// Files that configure begins for the user and then leaves alone: they are written where there is none, and never touched again,
/// not even to repair them.
/// </summary>
internal static class UserFiles
{
    /// <summary>The user's build contexts.</summary>
    public const string Workspace = "workspace.props";

    /// <summary>How Visual Studio Code and editors like it start the debugger.</summary>
    public const string Launch = ".vscode/launch.json";

    /// <summary>What is run before that.</summary>
    public const string Tasks = ".vscode/tasks.json";

    /// <summary>Writes what is missing.</summary>
    /// <returns>The paths of what was written, from the folder.</returns>
    public static List<string> Begin(
        UnikernelFolder folder,
        string name,
        IReadOnlyList<Target> targets
    )
    {
        List<string> begun = [];
        Write(Workspace, WorkspaceTemplate);
        if (targets.Any(target => target.RunsOnDotnet))
        {
            // Somebody who has either file knows what F5 shall do.
            if (!File.Exists(Path.Combine(folder.Location, Tasks)))
            {
                Write(Launch, LaunchTemplate(name));
                if (begun.Contains(Launch))
                {
                    Write(Tasks, TasksTemplate(name));
                }
            }
        }

        return begun;

        void Write(string relative, string content)
        {
            string path = Path.Combine(folder.Location, relative);
            if (File.Exists(path))
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string temporary = path + ".tmp";
            try
            {
                File.WriteAllText(temporary, content, new UTF8Encoding(false));
                File.Move(temporary, path, overwrite: false);
                begun.Add(relative);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another configure was faster, or its user.
                File.Delete(temporary);
            }
            catch (IOException)
            {
                File.Delete(temporary);
                throw;
            }
        }
    }

    private const string WorkspaceTemplate = $"""
        <!--
          Your build contexts. `morgana configure` began this file and does not touch it again; those that it makes are in
          {GeneratedFiles.Folder}/{ContextsProperties.FileName}. Here you can change them, add to them, and take them away:

          <ItemGroup>
            <BuildContext Update="spt-*" Profile="size" />
            <BuildContext Include="spt-debug" TargetName="spt" Architecture="x64" Profile="debug" CFlags="-O0" />
            <BuildContext Remove="unix-arm64" />
          </ItemGroup>

          `morgana contexts` lists what there is.
        -->
        <Project>
        </Project>

        """;

    private static string LaunchTemplate(string name) =>
        new JsonObject
        {
            ["version"] = "0.2.0",
            ["configurations"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = $"{name} as an ordinary .NET program",
                    ["type"] = "coreclr",
                    ["request"] = "launch",
                    ["preLaunchTask"] = TaskName(name),
                    ["program"] = $"${{workspaceFolder}}/bin/Debug/net10.0/{name}.dll",
                    ["args"] = new JsonArray(),
                    ["cwd"] = "${workspaceFolder}",
                    ["console"] = "integratedTerminal",
                    ["justMyCode"] = false,
                }
            ),
        }.ToJsonString(Indented) + "\n";

    private static string TasksTemplate(string name) =>
        new JsonObject
        {
            ["version"] = "2.0.0",
            ["tasks"] = new JsonArray(
                new JsonObject
                {
                    ["label"] = TaskName(name),
                    ["type"] = "process",
                    ["command"] = "dotnet",
                    // Native code is not what is debugged: the images are left out.
                    ["args"] = new JsonArray(
                        "build",
                        "--configuration",
                        "Debug",
                        "-p:MorganaImages=false"
                    ),
                    ["options"] = new JsonObject { ["cwd"] = "${workspaceFolder}" },
                    ["problemMatcher"] = "$msCompile",
                }
            ),
        }.ToJsonString(Indented) + "\n";

    private static string TaskName(string name) => $"build {name} for the debugger";

    private static readonly System.Text.Json.JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
    };
}
