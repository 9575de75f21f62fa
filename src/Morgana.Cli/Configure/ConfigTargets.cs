using Morgana.Cli.Projects;

namespace Morgana.Cli.Configure;

/// <summary>
/// Keeps from config.cs what a repository says of its projects and config.cs could not live with: versions of packages that are managed centrally, where
/// <c>#:package Name@Version</c> is an error (NU1008) unless the reference is implicitly defined; and another framework for all projects. The compiler of
/// config.cs is handed a file of MSBuild's for that.
/// </summary>
internal static class ConfigTargets
{
    /// <summary>The variable of the environment that .NET's SDK takes the name of such a file from.</summary>
    public const string Variable = "BeforeMicrosoftNETSdkTargets";

    /// <summary>Writes the file among the tool's notes.</summary>
    /// <returns>Its full path.</returns>
    public static string Write(UnikernelFolder folder)
    {
        string path = Path.Combine(folder.CachePath, "config.targets");
        if (!File.Exists(path) || File.ReadAllText(path) != Text)
        {
            File.WriteAllText(path, Text);
        }

        // MSBuild takes what is younger than an assembly for a reason to compile it again: each folder that is configured would compile all projects that config.cs refers to.
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        return path;
    }

    private const string Text = """
        <Project>
          <!-- Projects that config.cs refers to are as they are. -->
          <PropertyGroup Condition="'$(FileBasedProgram)' == 'true'">
            <TargetFramework>net10.0</TargetFramework>
            <TargetFrameworks />
          </PropertyGroup>
          <Target
            Name="MorganaPackagesOfDirectives"
            BeforeTargets="CollectPackageReferences;CollectCentralPackageVersions"
            Condition="'$(FileBasedProgram)' == 'true' and '$(ManagePackageVersionsCentrally)' == 'true'"
          >
            <ItemGroup>
              <_MorganaVersioned Include="@(PackageReference)" Condition="'%(PackageReference.Version)' != ''" />
              <PackageVersion Remove="@(_MorganaVersioned)" />
              <PackageReference Condition="'%(PackageReference.Version)' != ''">
                <IsImplicitlyDefined>true</IsImplicitlyDefined>
              </PackageReference>
            </ItemGroup>
          </Target>
        </Project>

        """;
}
