using CsCheck;
using Morgana.Cli.Dotnet;

namespace Morgana.Cli.Tests;

public class BuildMessagesTests
{
    [Theory]
    [InlineData(
        "/home/me/app/config.cs(6,40): error CS1503: Argument 1: cannot [convert] [/home/me/app/config.csproj]",
        "config.cs(6,40): error CS1503: Argument 1: cannot [convert]"
    )]
    [InlineData(
        "  /home/me/other/A.cs(1,2): error CS0103: no [/home/me/app/app.csproj::TargetFramework=net10.0]",
        "/home/me/other/A.cs(1,2): error CS0103: no"
    )]
    [InlineData("error NU1101: Unable to find X", "error NU1101: Unable to find X")]
    [InlineData(
        "/home/me/app/app.csproj : error NU1004: changed",
        "app.csproj: error NU1004: changed"
    )]
    [InlineData("app.csproj : error : Could not resolve", "app.csproj: error : Could not resolve")]
    [InlineData(
        "/packages/morgana.sdk/Sdk/Morgana.Images.targets(68,5): error MORGANA004: no space [/home/me/app/app.csproj]",
        "error MORGANA004: no space"
    )]
    [InlineData("ld.lld: error: undefined symbol: x", "ld.lld: error : undefined symbol: x")]
    public void An_error_line_is_cut_to_what_matters(string line, string shown) =>
        Assert.Equal([shown], BuildMessages.Errors([line, "Build FAILED.", line], "/home/me/app"));

    [Theory]
    [InlineData("    0 Error(s)")]
    [InlineData("Build succeeded.")]
    [InlineData("a.cs(1,1): warning CS1: error in a comment")]
    [InlineData("")]
    public void Other_lines_are_no_errors(string line) =>
        Assert.Empty(BuildMessages.Errors([line], "/home/me/app"));

    [Fact]
    public void Warnings_are_found_apart() =>
        Assert.Equal(
            ["a.cs(1,1): warning CS1: error in a comment"],
            BuildMessages.Warnings(["a.cs(1,1): warning CS1: error in a comment"], "/")
        );

    [Fact]
    public void Any_line_is_read_without_complaint_and_in_time() =>
        Gen.String[Gen.Char["error waning:[] /(1,)C"], 0, 200]
            .Sample(
                line => Assert.InRange(BuildMessages.Errors([line], "/").Count, 0, 1),
                iter: 1000
            );
}
