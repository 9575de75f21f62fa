using Morgana.Tender.CommandLine;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>The options for debugging, which only the hvt tender has.</summary>
public sealed class DebugOptionsTests
{
    [Fact]
    public void Without_options_nothing_is_debugged()
    {
        DebugOptions options = Parse();
        Assert.Equal((false, null), (options.WaitsForDebugger, options.CoreFolder));
    }

    [Theory]
    [InlineData("--gdb-port=4321", "127.0.0.1:4321")]
    [InlineData("--gdb-port=10.0.0.100:1", "10.0.0.100:1")]
    [InlineData("--gdb-port=0.0.0.0:65535", "0.0.0.0:65535")]
    [InlineData("--mem=4", "127.0.0.1:1234")]
    public void The_debugger_is_waited_for_where_it_is_said(string option, string place)
    {
        DebugOptions options = Parse("--gdb", option);
        Assert.True(options.WaitsForDebugger);
        Assert.Equal(place, options.Listen.ToString());
    }

    [Theory]
    [InlineData("--gdb-port=")]
    [InlineData("--gdb-port=0")]
    [InlineData("--gdb-port=65536")]
    [InlineData("--gdb-port=-1")]
    [InlineData("--gdb-port=x")]
    [InlineData("--gdb-port=::1:1234")]
    [InlineData("--gdb-port=host:1234")]
    [InlineData("--gdb-port=10.0.0.1:")]
    [InlineData("--dumpcore=")]
    public void A_wrong_value_is_told(string option) =>
        Assert.StartsWith(
            "Malformed argument to ",
            Assert.Throws<TenderException>(() => Parse(option)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Cores_go_where_it_is_said() =>
        Assert.Equal("/var/crash", Parse("--dumpcore=/var/crash").CoreFolder);

    [Fact]
    public void The_spt_tender_has_none_of_them() =>
        Assert.Contains(
            "Invalid option: '--gdb'",
            Assert
                .Throws<UsageException>(() => TenderOptions.Parse(["--gdb", "image"], 1 << 30))
                .Message,
            StringComparison.Ordinal
        );

    private static DebugOptions Parse(params string[] options) =>
        TenderOptions.Parse([.. options, "image"], 1 << 30, debugs: true).Debugging!;
}
