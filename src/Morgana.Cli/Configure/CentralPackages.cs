using Morgana.Cli.Projects;

namespace Morgana.Cli.Configure;

/// <summary>
/// Lets config.cs say <c>#:package Name@Version</c> in a repository that manages its package versions centrally: NuGet wants versions in
/// Directory.Packages.props alone there (NU1008), except of references that are implicitly defined. The compiler of config.cs is handed a file of
/// MSBuild's that makes those of the directives such.
/// </summary>
internal static class CentralPackages
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

        return path;
    }

    private const string Text = """
        <Project>
          <!-- Projects that config.cs refers to are as they are. -->
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
