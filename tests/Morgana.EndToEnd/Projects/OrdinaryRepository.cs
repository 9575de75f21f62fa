namespace Morgana.EndToEnd.Projects;

/// <summary>
/// A repository with many habits at once, in a path with spaces and letters that are none of ASCII, and one unikernel that uses all of them. It is built once; each
/// line that the image prints is one habit's.
/// </summary>
public sealed class OrdinaryRepository : IAsyncLifetime
{
    private readonly UserRepository _repository = new("habits", "größe und maß");
    private Dictionary<string, string> _lines = [];

    /// <summary>What the image prints behind a word and a colon.</summary>
    internal string this[string word] => _lines[word];

    internal UserRepository Repository => _repository;

    public async ValueTask InitializeAsync()
    {
        ForgetPackage();
        Properties();
        Libraries();
        OtherLanguages();
        Generator();
        Package();
        Program();
        _ = await _repository.DotnetAsync(
            "feed/source",
            "pack",
            "-p:Version=1.0.0",
            "-o",
            _repository.PathOf("feed")
        );
        await _repository.PrepareAsync("app", "-t", "unix", "--greeting=hello");
        _ = await _repository.MorganaAsync("app", "build");
        _lines = (await _repository.PrintsAsync("app/dist/app"))
            .Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
    }

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        ForgetPackage();
        return ValueTask.CompletedTask;
    }

    /// <summary>The package is this test's: NuGet would go on to take one of an earlier run out of the machine's folder.</summary>
    private static void ForgetPackage()
    {
        string folder = Path.Combine(UserRepository.MachinePackages, "ordinary.words");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Properties()
    {
        _repository.Write(
            "Directory.Build.props",
            """
            <Project>
              <PropertyGroup>
                <TargetFramework>netstandard2.0</TargetFramework>
                <LangVersion>latest</LangVersion>
                <DefineConstants Condition="'$(MSBuildProjectExtension)' == '.csproj'">$(DefineConstants);FROM_PROPS</DefineConstants>
              </PropertyGroup>
            </Project>
            """
        );
        _repository.Write(
            "Directory.Build.targets",
            """
            <Project>
              <Target Name="WriteText" BeforeTargets="BeforeCompile;CoreCompile" Condition="'$(MSBuildProjectName)' == 'app'">
                <ItemGroup>
                  <TextLine Include="namespace User%3B" />
                  <TextLine Include="internal static class Written { public const string Text = %22a target%22%3B }" />
                </ItemGroup>
                <WriteLinesToFile File="$(IntermediateOutputPath)Written.cs" Lines="@(TextLine)" Overwrite="true" WriteOnlyWhenDifferent="true" />
                <ItemGroup>
                  <Compile Include="$(IntermediateOutputPath)Written.cs" />
                </ItemGroup>
              </Target>
            </Project>
            """
        );
        _repository.Write(
            "Directory.Packages.props",
            """
            <Project>
              <PropertyGroup>
                <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
                <CentralPackageVersionOverrideEnabled>false</CentralPackageVersionOverrideEnabled>
                <CentralPackageTransitivePinningEnabled>true</CentralPackageTransitivePinningEnabled>
                <CentralPackageFloatingVersionsEnabled>true</CentralPackageFloatingVersionsEnabled>
              </PropertyGroup>
              <ItemGroup>
                <PackageVersion Include="Ordinary.Words" Version="1.*" />
              </ItemGroup>
            </Project>
            """
        );
        _repository.Write(
            "global.json",
            """{ "sdk": { "version": "10.0.100", "rollForward": "latestFeature" } }"""
        );
        _repository.Write(
            "nuget.config",
            """
            <configuration>
              <packageSources>
                <add key="own" value="feed" />
              </packageSources>
            </configuration>
            """
        );
    }

    private void Libraries()
    {
        _repository.Library("lib/Plain", "Plain", "Build");
        _repository.Write(
            "lib/Plain/Text.cs",
            """
            namespace Plain
            {
                public static class Text
                {
            #if DEBUG
                    public static string Value => "debug code";
            #else
                    public static string Value => "release code";
            #endif
                }
            }
            """.ReplaceLineEndings("\r\n")
        );
        _repository.Library("lib/Two/Common", "Common", "\"the second\"", Named("Two.Common"));
        _repository.Write(
            "lib/Two/Common/Text.cs",
            "namespace Two.Common { public static class Text { public static string Value => \"the second\"; } }"
        );
        _repository.Library("lib/One/Common", "Common", "\"the first\"", Named("One.Common"));
        _repository.Write(
            "lib/One/Common/Text.cs",
            "namespace One.Common { public static class Text { public static string Value => \"the first\"; } }"
        );
        _repository.Write(
            "lib/Many/Many.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework />
                <TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks>
              </PropertyGroup>
            </Project>
            """
        );
        _repository.Write(
            "lib/Many/Text.cs",
            """
            namespace Many
            {
                public static class Text
                {
            #if NET10_0_OR_GREATER
                    public static string Value => "net10.0";
            #else
                    public static string Value => "netstandard2.0";
            #endif
                }
            }
            """
        );
        _repository.Write(
            "shared/Linked.cs",
            "namespace Shared; internal static class Linked { public const string Text = \"a linked file\"; }"
        );

        static string Named(string name) =>
            $"<AssemblyName>{name}</AssemblyName><PackageId>{name}</PackageId>";
    }

    private void OtherLanguages()
    {
        _repository.Write(
            "lib/FSharp/Sharp.fsproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="Text.fs" />
              </ItemGroup>
            </Project>
            """
        );
        _repository.Write("lib/FSharp/Text.fs", "module Sharp.Text\n\nlet value = \"F#\"\n");
        _repository.Write(
            "lib/Vb/Basic.vbproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RootNamespace>Basic</RootNamespace>
              </PropertyGroup>
            </Project>
            """
        );
        _repository.Write(
            "lib/Vb/Text.vb",
            """
            Public Module Text
                Public ReadOnly Property Value As String
                    Get
                        Return "VB"
                    End Get
                End Property
            End Module
            """
        );
    }

    /// <summary>A generator and an analyzer, of the compiler's own libraries: no package is needed.</summary>
    private void Generator()
    {
        _repository.Write(
            "gen/Gen.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NoWarn>$(NoWarn);RS1041</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="$(MSBuildToolsPath)/Roslyn/bincore/Microsoft.CodeAnalysis.dll" Private="false" />
                <Reference Include="$(MSBuildToolsPath)/Roslyn/bincore/Microsoft.CodeAnalysis.CSharp.dll" Private="false" />
              </ItemGroup>
            </Project>
            """
        );
        _repository.Write(
            "gen/Gen.cs",
            """
            using System.Collections.Immutable;
            using Microsoft.CodeAnalysis;
            using Microsoft.CodeAnalysis.Diagnostics;

            [Generator]
            public sealed class Gen : IIncrementalGenerator
            {
                public void Initialize(IncrementalGeneratorInitializationContext context) =>
                    context.RegisterPostInitializationOutput(output =>
                        output.AddSource(
                            "Generated.g.cs",
                            "namespace User { internal static class Generated { public const string Text = \"a generator\"; } }"
                        )
                    );
            }

            [DiagnosticAnalyzer(LanguageNames.CSharp)]
            public sealed class Analysis : DiagnosticAnalyzer
            {
                private static readonly DiagnosticDescriptor Rule = new("OWN001", "Own", "This type has a name of the analyzer's", "Own", DiagnosticSeverity.Warning, true);

                public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ImmutableArray.Create(Rule);

                public override void Initialize(AnalysisContext context)
                {
                    context.EnableConcurrentExecution();
                    context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
                    context.RegisterSymbolAction(
                        symbol =>
                        {
                            if (symbol.Symbol.Name == "Disliked")
                                symbol.ReportDiagnostic(Diagnostic.Create(Rule, symbol.Symbol.Locations[0]));
                        },
                        SymbolKind.NamedType
                    );
                }
            }
            """
        );
    }

    private void Package()
    {
        _repository.Write(
            "feed/source/Ordinary.Words.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>netstandard2.0</TargetFramework>
              </PropertyGroup>
            </Project>
            """
        );
        _repository.Write(
            "feed/source/Words.cs",
            "namespace Ordinary { public static class Words { public static string Text => \"a package\"; } }"
        );
    }

    private void Program()
    {
        _repository.Unikernel(
            "app",
            "app",
            """
            Say("props: " + Constant.Text);
                    Say("targets: " + Written.Text);
                    Say("library: " + Plain.Text.Value);
                    Say("many: " + Many.Text.Value);
                    Say("fsharp: " + Sharp.Text.value);
                    Say("vb: " + Basic.Text.Value);
                    Say("one: " + One.Common.Text.Value);
                    Say("two: " + Two.Common.Text.Value);
                    Say("generated: " + Generated.Text);
                    Say("package: " + Ordinary.Words.Text);
                    Say("linked: " + Shared.Linked.Text);
                    using StreamReader reader = new(typeof(Unikernel).Assembly.GetManifestResourceStream("data.txt")!);
                    Say("embedded: " + reader.ReadToEnd().Trim());
                    Say("resx: " + new System.Resources.ResourceManager("User.Texts", typeof(Unikernel).Assembly).GetString("Greeting"));
                    Say("key: " + Morgana.Generated.Keys.Greeting);
                    System.Globalization.CultureInfo german = new("de-DE");
                    Say("culture: " + new System.Globalization.CultureInfo("en-US").Name + " " + 1.5.ToString(german));
            """,
            """
            <PropertyGroup>
                <RootNamespace>User</RootNamespace>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../lib/Plain/Plain.csproj" />
                <ProjectReference Include="../lib/Many/Many.csproj" />
                <ProjectReference Include="../lib/FSharp/Sharp.fsproj" />
                <ProjectReference Include="../lib/Vb/Basic.vbproj" />
                <ProjectReference Include="../lib/One/Common/Common.csproj" />
                <ProjectReference Include="../lib/Two/Common/Common.csproj" />
                <ProjectReference Include="../gen/Gen.csproj" OutputItemType="Analyzer" ReferenceOutputAssembly="false" />
                <PackageReference Include="Ordinary.Words" />
                <Compile Include="../shared/Linked.cs" Link="Linked.cs" />
                <EmbeddedResource Include="data.txt" LogicalName="data.txt" />
                <Content Include="settings.json" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            """,
            """_ = Key.Text("greeting", "a key that nothing hangs on", "none");"""
        );
        _repository.Write(
            "app/Constant.cs",
            """
            namespace User;

            internal static class Constant
            {
            #if FROM_PROPS
                public const string Text = "a constant";
            #else
                public const string Text = "nothing";
            #endif
            }

            internal static class Disliked;
            """
        );
        _repository.Write("app/data.txt", "an embedded file");
        _repository.Write("app/settings.json", "{}");
        _repository.Write(
            "app/Texts.resx",
            """
            <?xml version="1.0" encoding="utf-8"?>
            <root>
              <resheader name="resmimetype"><value>text/microsoft-resx</value></resheader>
              <resheader name="version"><value>2.0</value></resheader>
              <resheader name="reader"><value>System.Resources.ResXResourceReader, System.Windows.Forms, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089</value></resheader>
              <resheader name="writer"><value>System.Resources.ResXResourceWriter, System.Windows.Forms, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089</value></resheader>
              <data name="Greeting" xml:space="preserve"><value>a text</value></data>
            </root>
            """
        );
    }
}
