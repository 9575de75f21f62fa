using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Morgana.Sdk.Tests;

/// <summary>Windows has no POSIX shell: no step of what is installed starts one, or hands a command line to whatever shell there is.</summary>
public sealed partial class NoShellTests
{
    private static readonly string Root = FindRoot();

    /// <summary>What a user's build and the tool consist of.</summary>
    private static readonly string[] Installed =
    [
        "src/Morgana.Sdk",
        "src/Morgana.Build",
        "src/Morgana.Workspace",
        "src/Morgana.Configuration",
        "src/Morgana.Cli",
        "templates",
    ];

    public static TheoryData<string> ProjectFiles() =>
        [.. Files("*.props", "*.targets", "*.csproj"), "eng/Packages.proj"];

    public static TheoryData<string> Sources() => [.. Files("*.cs")];

    [Theory]
    [MemberData(nameof(ProjectFiles))]
    public void No_target_runs_a_command_line(string file)
    {
        XDocument project = XDocument.Load(Path.Combine(Root, file));
        Assert.DoesNotContain(project.Descendants(), e => e.Name.LocalName == "Exec");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void No_source_starts_a_shell(string file)
    {
        string source = File.ReadAllText(Path.Combine(Root, file));
        Assert.DoesNotMatch(Shell(), source);
        Assert.DoesNotContain("UseShellExecute = true", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new ProcessStartInfo(\"sh\")")]
    [InlineData("Start(\"/bin/bash\", arguments)")]
    [InlineData("\"cmd.exe\"")]
    [InlineData("\"which\"")]
    public void A_shell_would_be_found(string source) => Assert.Matches(Shell(), source);

    private static IEnumerable<string> Files(params string[] patterns) =>
        Installed
            .Select(folder => Path.Combine(Root, folder))
            .SelectMany(folder =>
                patterns.SelectMany(pattern =>
                    Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
                )
            )
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path =>
                !path.Contains("/obj/", StringComparison.Ordinal)
                && !path.Contains("/bin/", StringComparison.Ordinal)
            );

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Morgana.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("These tests run from a checkout.");
    }

    // The whole of a string: programs that only a shell or a POSIX system brings.
    [GeneratedRegex(
        """
            "(/(usr/)?bin/)?(env|sh|bash|dash|zsh|cmd(\.exe)?|powershell(\.exe)?|pwsh|which|cp|mv|rm|chmod|sed|find)"
            """,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Shell();
}
