namespace Morgana.Build.Oracle.Tool;

/// <summary>
/// A repository with most of what projects have: properties imported twice over, a file that a property reads, one that a target makes C# of, a variable, resources, a library with
/// sources from elsewhere, a source generator, a step, C with headers. Behind the C# compiler is a native compiler that writes a digest of what it reads, and a
/// native layer of three small files.
/// </summary>
internal sealed class ProjectsTree : ToolTree
{
    public ProjectsTree()
    {
        foreach (
            string path in Pool.Where(path =>
                !Absent.Contains(path)
                && !path.EndsWith('~')
                && !path.EndsWith("2.cs", StringComparison.Ordinal)
            )
        )
        {
            Write(path, Content(path, "1", broken: false));
        }

        File.SetUnixFileMode(
            this["tools/ilc"],
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        Write(
            "Directory.Build.props",
            """
            <Project>
              <Import Project="common.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <MorganaIlc>$(MSBuildThisFileDirectory)tools/ilc</MorganaIlc>
                <Product>$(ORACLE_VARIABLE)</Product>
                <Description>$([System.IO.File]::ReadAllText('$(MSBuildThisFileDirectory)VERSION').Trim())</Description>
              </PropertyGroup>
            </Project>
            """
        );
        Write(
            "lib/Library.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <EmbeddedResource Include="data/**;../shared/**" />
                <Compile Include="../linked/*.cs" />
              </ItemGroup>
            </Project>
            """
        );
        Write(
            "gen/Gen.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <NoWarn>$(NoWarn);RS1041</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="$(MSBuildToolsPath)/Roslyn/bincore/Microsoft.CodeAnalysis.dll" Private="false" />
                <Reference Include="$(MSBuildToolsPath)/Roslyn/bincore/Microsoft.CodeAnalysis.CSharp.dll" Private="false" />
              </ItemGroup>
            </Project>
            """
        );
        Write(
            "step/step.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
            </Project>
            """
        );
        Write(
            "app/app.csproj",
            $"""
            <Project>
              <Import Project="{Checkout}/src/Morgana.Sdk/Sdk/Sdk.props" />
              <PropertyGroup>
                <RootNamespace>User</RootNamespace>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../lib/Library.csproj" />
                <ProjectReference Include="../gen/Gen.csproj" OutputItemType="Analyzer" ReferenceOutputAssembly="false" />
                <ForeignStub Include="stub/*.c" Library="stub" IncludeFolders="inc1;inc2" />
              </ItemGroup>
              <Target Name="Generate" BeforeTargets="BeforeCompile;CoreCompile" Inputs="template.txt" Outputs="$(IntermediateOutputPath)Generated.cs">
                <WriteLinesToFile
                  File="$(IntermediateOutputPath)Generated.cs"
                  Lines="internal static class Templated %7B public const string Text = &quot;$([System.IO.File]::ReadAllText('$(MSBuildProjectDirectory)/template.txt').Trim()), $(FromProps)&quot;%3B %7D"
                  Overwrite="true"
                />
              </Target>
              <Target Name="AddGenerated" BeforeTargets="CoreCompile" DependsOnTargets="Generate">
                <ItemGroup>
                  <Compile Include="$(IntermediateOutputPath)Generated.cs" />
                </ItemGroup>
              </Target>
              <Import Project="{Checkout}/src/Morgana.Sdk/Sdk/Sdk.targets" />
            </Project>
            """
        );
        Write(
            "app/config.cs",
            $"""
            #:project {Checkout}/src/Morgana.Configuration/Morgana.Configuration.csproj
            #:property PublishAot=false
            using Morgana.Configuration;
            using static Morgana.Configuration.Devices;

            var job = Job<IConsole>("User.Unikernel");
            return Project.Register("app", job.Apply(DefaultConsole), args);
            """
        );
        Write(
            "app/workspace.props",
            """
            <Project>
              <ItemGroup>
                <ToolchainFolder Include="toolchain" />
                <BuildStep Include="gather" Program="../step/step.csproj" Arguments="files obj/generated/Gathered.cs" Inputs="files/**" Outputs="obj/generated/Gathered.cs" />
                <BuildContext Update="spt-x64" Toolchain="stand-in" />
                <BuildContext Update="unix-x64" Toolchain="stand-in" />
              </ItemGroup>
            </Project>
            """
        );
        // A folder of headers must be there, be it empty.
        Write("app/inc1/none.h", "");
        Write("app/toolchain/pure-members.txt", "memcmp.lo");
        Write("app/toolchain/native/spt.c", "const char target[] = \"spt\";");
        Write("app/toolchain/native/unix.c", "const char target[] = \"unix\";");
        Write(
            "app/toolchain/native/image.lds",
            """
            ENTRY(_start)
            SECTIONS
            {
              . = 0x100000;
              .text : { KEEP(*(.text*)) }
              . = ALIGN(4096);
              .rodata : { KEEP(*(.rodata*)) }
              .eh_frame : { KEEP(*(.eh_frame)) }
              . = ALIGN(4096);
              .data : { *(.data*) }
              .bss : { *(.bss*) }
            }
            """
        );
        Environment.SetEnvironmentVariable(Variable, null);
        Prepare("configure", "-t", "spt,unix");
        Prepare("depends");
    }

    private static readonly string[] Absent =
    [
        "absent.props",
        "Directory.Build.targets",
        "app/inc1/s.h",
        ".editorconfig",
        "lib/artifacts/n.cs",
        "lib/node_modules/o.cs",
        "lib/src/bin/p.cs",
        "lib/src/obj/q.cs",
        "lib/data/dist/.well-known/w",
        "app/files/dist/v",
    ];

    protected override string Unikernel => "app";

    public override string Variable => "ORACLE_VARIABLE";

    public override IReadOnlyList<string> Pool { get; } =
    [
        .. Absent,
        "app/Unikernel.cs",
        "app/more/m.cs",
        "app/more/m2.cs",
        "app/Words.resx",
        "app/template.txt",
        "app/files/a",
        "app/files/.well-known/b~",
        "app/stub/x.c",
        "app/inc2/s.h",
        "app/toolchain/native/start.c",
        "app/toolchain/native/include/word.h",
        "app/toolchain/toolchain.json",
        "common.props",
        "deep.props",
        "VERSION",
        "gen/Gen.cs",
        "lib/Text.cs",
        "lib/l2.cs",
        "lib/data/d",
        "lib/notes",
        "linked/k.cs",
        "linked/k2.cs",
        "shared/r",
        "shared/deep/r~",
        "step/Program.cs",
        "tools/ilc",
    ];

    public override IReadOnlyList<string> Folders { get; } =
    ["app/more", "app/inc1", "app/inc2", "lib/artifacts", "lib/src/bin", "lib/data", "shared/deep"];

    public override string Content(string path, string text, bool broken) =>
        path switch
        {
            "absent.props" => Property("Company", text),
            "deep.props" => Property("AssemblyTitle", text),
            "common.props" => $"""
                <Project>
                  <Import Project="deep.props" Condition="Exists('$(MSBuildThisFileDirectory)deep.props')" />
                  <Import Project="absent.props" Condition="Exists('$(MSBuildThisFileDirectory)absent.props')" />
                  <PropertyGroup><FromProps>{text}</FromProps></PropertyGroup>
                </Project>
                """,
            "Directory.Build.targets" => Property("Copyright", text),
            ".editorconfig" => $"# {text}\n[*.cs]\ndotnet_diagnostic.CS0168.severity = none\n",
            "app/Words.resx" => $"""
                <root>
                  <resheader name="resmimetype"><value>text/microsoft-resx</value></resheader>
                  <resheader name="version"><value>2.0</value></resheader>
                  <resheader name="reader"><value>System.Resources.ResXResourceReader, System.Windows.Forms</value></resheader>
                  <resheader name="writer"><value>System.Resources.ResXResourceWriter, System.Windows.Forms</value></resheader>
                  <data name="Text"><value>{text}</value></data>
                </root>
                """,
            "app/Unikernel.cs" => $$"""
                using Morgana.Runtime;
                namespace User;
                public sealed class Unikernel(Stream console) : IUnikernel
                {
                    public Task<int> RunAsync()
                    {
                        console.Write("{{text}}"u8);
                        console.Write(System.Text.Encoding.UTF8.GetBytes(Library.Text.Value + Templated.Text + Generated.Text + Gathered.Text));
                        return Task.FromResult(0){{(broken ? "" : ";")}}
                    }
                }
                """,
            "lib/Text.cs" =>
                $"namespace Library {{ public static class Text {{ public static string Value => \"{text}\"; }} }}",
            "gen/Gen.cs" => $$"""
                using Microsoft.CodeAnalysis;

                [Generator]
                public sealed class Gen : IIncrementalGenerator
                {
                    public void Initialize(IncrementalGeneratorInitializationContext context) =>
                        context.RegisterPostInitializationOutput(output =>
                            output.AddSource("Generated.g.cs", "internal static class Generated { public const string Text = \"{{text}}\"; }")
                        );
                }
                """,
            "step/Program.cs" => $$$"""
                string[] files = Directory.GetFiles(args[0], "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
                Array.Sort(files, StringComparer.Ordinal);
                string all = string.Join(' ', files.Select(file => Path.GetFileName(file) + "=" + File.ReadAllText(file)));
                File.WriteAllText(args[1], $"internal static class Gathered {{ public const string Text = \"{{{text}}} {all}\"; }}");
                """,
            "app/stub/x.c" =>
                $"#include \"s.h\"\nconst char stub_text[] = S \"{text}\";\nconst char *stub(void) {{ return stub_text; }}{(broken ? "}" : "")}\n",
            "app/toolchain/native/start.c" => $$"""
                #include <word.h>
                extern const char digest[];
                extern const char target[];
                const char word[] = WORD "{{text}}";
                const void *volatile all[] = { digest, target, word };
                void _start(void) { all[0] = all[1]; }
                """,
            "app/toolchain/native/include/word.h" => $"#define WORD \"{text}\"\n",
            "app/toolchain/toolchain.json" => $$"""
                {
                  "name": "stand-in", "architecture": "x64", "triple": "x86_64-unknown-linux-elf", "runtime": "linux-x64",
                  "compiler": "clang", "compilerFlags": [ "-O1", "-ffreestanding", "-nostdlibinc", "-fno-pic", "-DN={{text.Length}}" ],
                  "linker": "ld.lld", "linkerFlags": [ "-static", "--gc-sections", "--build-id=none" ],
                  "ilcOptions": [ "--text:{{text.Replace(' ', '-')}}" ],
                  "runtimeLibraries": [ ],
                  "pureArchive": [ "/usr/lib/x86_64-linux-musl/libc.a", "/usr/lib/musl/lib/libc.a" ], "pureMembers": "pure-members.txt",
                  "nativeFolder": "native", "sources": [ "start.c" ], "architectureSuffix": "x86_64", "otherSuffixes": [ "aarch64" ],
                  "targets": {
                    "spt": { "sources": [ "spt.c" ], "linkerScript": "image.lds" },
                    "unix": { "sources": [ "unix.c" ], "linkerScript": "image.lds" }
                  }
                }
                """,
            "tools/ilc" => $$"""
                #!/bin/bash
                # {{text}}
                set -euo pipefail
                export LC_ALL=C
                read=("$0")
                text=
                while IFS= read -r line; do
                    case $line in
                        -o:*) output=${line#-o:} ;;
                        -r:*/microsoft.netcore.app.runtime* | -r:*/packs/*) text+="${line##*/} " ;;
                        -r:*) read+=("${line#-r:}") ;;
                        -*) text+="$line " ;;
                        *) read+=("$line" "${line%.dll}.pdb") ;;
                    esac
                done <"${1#@}"
                digest=$({ echo "$text"; sha256sum "${read[@]}" | cut -c1-64; } | sha256sum | cut -c1-64)
                printf '__attribute__((used)) const char digest[] = "%s";\n' "$digest" |
                    clang --target=x86_64-unknown-linux-elf -x c -c - -o "$output"
                """,
            _ when path.EndsWith(".h", StringComparison.Ordinal) => $"#define S \"{text}\"\n",
            _ when path.EndsWith(".cs", StringComparison.Ordinal) =>
                $"file static class Edit {{ public const string Text = \"{text}\"{(broken ? "" : ";")} }}",
            _ => text,
        };

    private static string Property(string name, string value) =>
        $"<Project><PropertyGroup><{name}>{value}</{name}></PropertyGroup></Project>";
}
