namespace Morgana.EndToEnd.Build;

/// <summary>A build that is broken in one of these ways says so plainly: the file and line, what is wrong, what to do.</summary>
public sealed class BrokenSourceTests
{
    [Fact]
    public async Task A_mistake_in_config_is_told_with_its_line()
    {
        using BrokenBuild build = new("config");
        build.Replace("config.cs", "Job<IConsole>", "Job<INetwork>");
        string said = await build.FailAsync("configure", "-t", "spt");
        Assert.Contains("config.cs does not compile", said, StringComparison.Ordinal);
        Assert.Contains("config.cs(7,", said, StringComparison.Ordinal);
        Assert.Contains("error CS", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_the_unikernel_is_told_with_its_line()
    {
        using BrokenBuild build = new("unikernel");
        build.Replace("Unikernel.cs", "console.Write", "console.Wirte");
        await build.DoAsync("configure", "-t", "spt");
        string said = await build.FailAsync("build");
        Assert.Contains("Unikernel.cs(9,17): error CS1061", said, StringComparison.Ordinal);
        Assert.Contains("Wirte", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_toolchain_is_told_with_its_line_and_those_that_there_are()
    {
        using BrokenBuild build = new("toolchain");
        await build.DoAsync("configure", "-t", "spt");
        build.Write(
            "workspace.props",
            """
            <Project>
              <ItemGroup>
                <BuildContext Update="spt-x64" Toolchain="mograna" />
              </ItemGroup>
            </Project>
            """
        );
        string said = await build.FailAsync("build");
        Assert.Contains("workspace.props(3)", said, StringComparison.Ordinal);
        Assert.Contains("mograna", said, StringComparison.Ordinal);
        Assert.Contains(
            "morgana",
            said.Replace("morgana:", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Native_code_that_no_image_has_is_told_as_the_part_of_dotnet_that_wants_it()
    {
        using BrokenBuild build = new("native");
        build.Replace(
            "Unikernel.cs",
            "console.Write(\"whole\\n\"u8);",
            "new System.IO.Compression.DeflateStream(console, System.IO.Compression.CompressionLevel.Fastest).WriteByte(1);"
        );
        await build.DoAsync("configure", "-t", "spt");
        string said = await build.FailAsync("build");
        Assert.Contains("Unikernel.cs(9): error MORGANA043", said, StringComparison.Ordinal);
        Assert.Contains("System.IO.Compression.DeflateStream", said, StringComparison.Ordinal);
        Assert.Contains("an image has no zlib", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_the_lock_does_not_name_is_told_with_the_command_that_adds_it()
    {
        using BrokenBuild build = new("lock");
        await build.DoAsync("configure", "-t", "spt");
        await build.DoAsync("depends");
        build.Write(
            "broken.csproj",
            """
            <Project Sdk="Morgana.Sdk">
              <ItemGroup>
                <PackageReference Include="Microsoft.Extensions.Logging.Abstractions" />
                <PackageReference Include="Spectre.Console" />
              </ItemGroup>
            </Project>
            """
        );
        string said = await build.FailAsync("build");
        Assert.Contains("packages.broken.lock.json", said, StringComparison.Ordinal);
        Assert.Contains("Spectre.Console", said, StringComparison.Ordinal);
        Assert.Contains("morgana depends", said, StringComparison.Ordinal);
    }
}
