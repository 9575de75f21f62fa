using System.Text;
using System.Text.Json.Nodes;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Toolchains;

/// <summary>A toolchain from outside the repository: a copy of the one for x64 under another name and with other flags.</summary>
public sealed class ForeignToolchainTests : IDisposable
{
    private const string Marker = "made by a toolchain from elsewhere";

    // Inside the checkout, whose SDK is used; the toolchain is not.
    private readonly string _unikernel = Directory
        .CreateDirectory(
            Path.Combine(Repository.Root, "artifacts", "tests", "toolchain-" + Guid.NewGuid())
        )
        .FullName;
    private readonly string _toolchain = Directory
        .CreateTempSubdirectory("morgana-foreign-toolchain-")
        .FullName;

    public void Dispose()
    {
        Directory.Delete(_unikernel, recursive: true);
        Directory.Delete(_toolchain, recursive: true);
    }

    [Fact]
    public async Task One_word_in_workspace_props_builds_with_it_and_its_flags_are_seen_in_the_image()
    {
        foreach (string file in (string[])["toolchain.json", "pure-members.txt"])
        {
            File.Copy(
                Path.Combine(Repository.Root, "toolchains", "x64", file),
                Path.Combine(_toolchain, file)
            );
        }

        // Other flags: each file of the native layer begins with this header.
        string header = Path.Combine(_toolchain, "marker.h");
        File.WriteAllText(
            header,
            $"static const char marker[] __attribute__((used, retain)) = \"{Marker}\";\n"
        );
        string json = Path.Combine(_toolchain, "toolchain.json");
        JsonObject toolchain = JsonNode.Parse(File.ReadAllText(json))!.AsObject();
        toolchain["name"] = "elsewhere";
        JsonArray flags = toolchain["compilerFlags"]!.AsArray();
        flags.Add("-include");
        flags.Add(header);
        // The assembler's sources are no C.
        flags.Add("-Wno-unused-command-line-argument");
        File.WriteAllText(json, toolchain.ToJsonString());
        File.WriteAllText(
            header,
            "#ifndef __ASSEMBLER__\n" + File.ReadAllText(header) + "#endif\n"
        );

        string source = Path.Combine(Repository.Root, "unikernels", "hello");
        foreach (string file in (string[])["Unikernel.cs", "packages.hello.lock.json"])
        {
            File.Copy(Path.Combine(source, file), Path.Combine(_unikernel, file));
        }

        File.WriteAllText(
            Path.Combine(_unikernel, "config.cs"),
            File.ReadAllText(Path.Combine(source, "config.cs"))
                .Replace("../../src/", "../../../src/", StringComparison.Ordinal)
        );
        File.WriteAllText(
            Path.Combine(_unikernel, "hello.csproj"),
            "<Project Sdk=\"Morgana.Sdk\" />\n"
        );
        await MorganaAsync("configure", "-t", "spt");

        // First under the usual name, then the one word.
        Declare("morgana");
        Assert.Equal("SDK", await FromAsync());
        Declare("elsewhere");
        Assert.Equal($"folder {_toolchain}", await FromAsync());

        ProcessResult build = await RunningProcess.RunAsync(
            "dotnet",
            ["build", _unikernel, "-nologo", "-v:minimal", "-tl:off", "-nodeReuse:false"],
            TimeSpan.FromMinutes(10)
        );
        Assert.True(build.Code == 0, build.Output);
        string image = Path.Combine(_unikernel, "dist", "hello.spt");
        Assert.Contains(
            Marker,
            Encoding.Latin1.GetString(File.ReadAllBytes(image)),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            Marker,
            Encoding.Latin1.GetString(
                File.ReadAllBytes(Repository.Image("unikernels/hello", "hello"))
            ),
            StringComparison.Ordinal
        );
        ProcessResult run = await Unikernel.RunAsync(image);
        Assert.Contains("Hello from Morgana\n", run.Output, StringComparison.Ordinal);
    }

    private void Declare(string toolchain) =>
        File.WriteAllText(
            Path.Combine(_unikernel, "workspace.props"),
            $"""
            <Project>
              <ItemGroup>
                <ToolchainFolder Include="{_toolchain}" />
                <BuildContext Update="spt-x64" Toolchain="{toolchain}" />
              </ItemGroup>
            </Project>
            """
        );

    private async Task<string> FromAsync()
    {
        JsonArray rows = JsonNode.Parse(await MorganaAsync("contexts", "--json"))!.AsArray();
        return (string)rows.Single(row => (string)row!["context"]! == "spt-x64")!["toolchainFrom"]!;
    }

    private async Task<string> MorganaAsync(params string[] arguments)
    {
        ProcessResult result = await RunningProcess.RunAsync(
            Repository.MorganaTool,
            ["-C", _unikernel, .. arguments],
            TimeSpan.FromMinutes(5)
        );
        Assert.True(result.Code == 0, result.Output);
        return result.Output;
    }
}
