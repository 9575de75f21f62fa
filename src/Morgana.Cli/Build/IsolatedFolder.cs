using Morgana.Build;
using Morgana.Build.Caching;
using Morgana.Build.CSharp;
using Morgana.Cli.Run;

namespace Morgana.Cli.Build;

/// <summary>
/// Where MSBuild works for <c>morgana build</c>: bin/ and obj/ of every project lie in one folder below obj/morgana, made anew by each evaluation, so that nothing of an earlier build,
/// of an editor or of another unikernel can count. What leads MSBuild there is injected by its own extension points; no project knows of it.
/// </summary>
internal sealed class IsolatedFolder(string stateFolder, string repository)
{
    private const string Props = """
        <Project>
          <!-- Written by morgana build, imported after Directory.Build.props. -->
          <PropertyGroup>
            <!-- What ordinary builds keep out of globs stays out of them. -->
            <_MorganaOrdinaryOutput>$(BaseOutputPath)</_MorganaOrdinaryOutput>
            <_MorganaOrdinaryOutput Condition="'$(_MorganaOrdinaryOutput)' == ''">bin/</_MorganaOrdinaryOutput>
            <_MorganaOrdinaryObjects>$(BaseIntermediateOutputPath)</_MorganaOrdinaryObjects>
            <_MorganaOrdinaryObjects Condition="'$(_MorganaOrdinaryObjects)' == ''">obj/</_MorganaOrdinaryObjects>
            <DefaultItemExcludes>$(DefaultItemExcludes);$(_MorganaOrdinaryOutput)/**;$(_MorganaOrdinaryObjects)/**</DefaultItemExcludes>
            <DefaultItemExcludes Condition="'$(UseArtifactsOutput)' == 'true' or '$(ArtifactsPath)' != ''">$(DefaultItemExcludes);bin/**;obj/**;$(ArtifactsPath)/**;$(_DirectoryBuildPropsBasePath)/artifacts/**</DefaultItemExcludes>
            <UseArtifactsOutput>false</UseArtifactsOutput>
            <_MorganaPlace>$([MSBuild]::MakeRelative('$(MORGANA_REPOSITORY)/', '$(MSBuildProjectFullPath)'))</_MorganaPlace>
            <_MorganaPlace>$(MSBuildProjectName)-$([MSBuild]::StableStringHash('$(_MorganaPlace)').ToString('x8'))</_MorganaPlace>
            <BaseIntermediateOutputPath>$(MORGANA_STATE)/msbuild/$(_MorganaPlace)/obj/</BaseIntermediateOutputPath>
            <MSBuildProjectExtensionsPath>$(BaseIntermediateOutputPath)</MSBuildProjectExtensionsPath>
            <BaseOutputPath>$(MORGANA_STATE)/msbuild/$(_MorganaPlace)/bin/</BaseOutputPath>
          </PropertyGroup>
        </Project>

        """;

    private const string Targets = """
        <Project>
          <!-- Written by morgana build: the C# compiler's calls become actions of its engine. A compiler that a project names itself is left alone. -->
          <Target
            Name="MorganaCompiler"
            BeforeTargets="CoreCompile"
            Condition="'$(Language)' == 'C#' and '$(CscToolPath)' == '' and '$(CscToolExe)' == '' and Exists('$(RoslynTargetsPath)/bincore/csc.dll')"
          >
            <PropertyGroup>
              <CscToolPath>$(MORGANA_STATE)/compiler</CscToolPath>
              <CscToolExe>csc</CscToolExe>
              <_MorganaPackages>$([MSBuild]::EnsureTrailingSlash('$(NuGetPackageRoot)'))</_MorganaPackages>
              <_MorganaHost>$(DOTNET_HOST_PATH)</_MorganaHost>
              <_MorganaHost Condition="'$(_MorganaHost)' == ''">dotnet</_MorganaHost>
            </PropertyGroup>
            <WriteLinesToFile
              File="$(IntermediateOutputPath)morgana.compiler"
              Lines="$(RoslynTargetsPath)/bincore/csc.dll;$(UseSharedCompilation);$(_MorganaPackages);$(_MorganaHost)"
              Overwrite="true"
            />
          </Target>
        </Project>

        """;

    /// <summary>Full path of the folder with everything that MSBuild makes.</summary>
    public string Outputs => Path.Combine(stateFolder, "msbuild");

    /// <summary>Full path of the logger's file.</summary>
    public string Report => Path.Combine(stateFolder, "report");

    private string Observer => Path.Combine(stateFolder, "compiler", "Morgana.Build.Observer.dll");

    /// <summary>The option that hands the logger to MSBuild.</summary>
    public string LoggerOption =>
        $"-logger:Morgana.Build.Observer.EvaluationObserver,{Observer};{Report}";

    /// <summary>What MSBuild's environment has besides the user's.</summary>
    public IReadOnlyList<string> Variables =>
        [
            $"{CompilerRun.StateVariable}={stateFolder}",
            $"MORGANA_REPOSITORY={repository}",
            "MORGANA_PLAN_ONLY=1",
            // An image holds what the lock names, and nothing else.
            "MorganaLocked=true",
            "MSBUILDLOGIMPORTS=1",
            // For the C# compiler's actions, which MSBuild starts.
            .. ((string[])[CacheLocation.FolderVariable, CacheLocation.SizeVariable])
                .Select(name => (name, Environment.GetEnvironmentVariable(name)))
                .Where(variable => variable.Item2 is { Length: > 0 })
                .Select(variable => $"{variable.name}={variable.Item2}"),
            $"CustomAfterDirectoryBuildProps={Path.Combine(stateFolder, "compiler", "isolated.props")}",
            $"CustomAfterDirectoryBuildTargets={Path.Combine(stateFolder, "compiler", "isolated.targets")}",
        ];

    /// <summary>Makes it, empty.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Prepare()
    {
        foreach (string gone in (string[])[Outputs, Path.Combine(stateFolder, "csharp")])
        {
            if (Directory.Exists(gone))
            {
                Directory.Delete(gone, recursive: true);
            }
        }

        File.Delete(Report);
        string folder = Path.Combine(stateFolder, "compiler");
        _ = Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, "isolated.props"), Props);
        Write(Path.Combine(folder, "isolated.targets"), Targets);
        string words = string.Join(
            ' ',
            ToolProgram.Words.Select(word =>
                $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"
            )
        );
        string script = Path.Combine(folder, "csc");
        Write(script, $"#!/bin/sh\nexec {words} {CompilerRun.Command} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                script,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        }

        using Stream observer =
            typeof(IsolatedFolder).Assembly.GetManifestResourceStream("Morgana.Build.Observer.dll")
            ?? throw new InvalidOperationException("The tool was built without its observer.");
        using MemoryStream bytes = new();
        observer.CopyTo(bytes);
        AtomicFile.Write(Observer, bytes.ToArray());
    }

    private static void Write(string path, string text) =>
        AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(text));
}
