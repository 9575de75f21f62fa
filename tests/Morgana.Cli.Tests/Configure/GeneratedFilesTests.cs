using Morgana.Cli.Configure;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;
using Morgana.Configuration.Graph;

namespace Morgana.Cli.Tests;

/// <summary>
/// Pins byte for byte what <c>morgana configure -t spt</c> writes for two unikernels. After a wanted change run these tests with
/// MORGANA_UPDATE_EXPECTED=1 in the environment, and look at the difference before committing it.
/// </summary>
public class GeneratedFilesTests
{
    [Theory]
    [InlineData("hello")]
    [InlineData("resolver")]
    public async Task What_configure_writes_is_pinned(string unikernel)
    {
        await using StringWriter said = new();
        UnikernelFolder folder = UnikernelFolder.Open(
            Path.Combine(UnikernelSandbox.Checkout, "unikernels", unikernel),
            null
        );
        UnikernelGraph graph = await new ConfigProgram(
            folder,
            new Terminal { Out = said, Error = said }
        ).GraphAsync(CancellationToken.None);
        var values = KeyValues.From(
            graph.Keys,
            new Dictionary<string, string> { ["target"] = "spt" }
        );
        SortedDictionary<string, string> files = GeneratedFiles.Generate(
            graph,
            values,
            folder.ConfigFile
        );
        files[SavedContext.FileName] = SavedContext
            .From(
                graph,
                values,
                ["target"],
                folder.ConfigFile,
                ConfigInputs.Hashes(folder, graph.Inputs),
                files
            )
            .ToJson();

        // Without an extension of their own, the build would take the expected files for sources.
        string expected = Path.Combine(
            UnikernelSandbox.Checkout,
            "tests",
            "Morgana.Cli.Tests",
            "Expected",
            unikernel
        );
        if (Environment.GetEnvironmentVariable("MORGANA_UPDATE_EXPECTED") == "1")
        {
            Directory.CreateDirectory(expected);
            foreach (string old in Directory.GetFiles(expected))
            {
                File.Delete(old);
            }

            foreach ((string name, string content) in files)
            {
                await File.WriteAllTextAsync(Path.Combine(expected, name + ".expected"), content);
            }

            Assert.Fail(
                "The expected files were written anew: look at them, then run without MORGANA_UPDATE_EXPECTED."
            );
        }

        Assert.Equal(
            files.Keys.Select(name => name + ".expected"),
            Directory.GetFiles(expected).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        foreach ((string name, string content) in files)
        {
            Assert.Equal(
                await File.ReadAllTextAsync(Path.Combine(expected, name + ".expected")),
                content
            );
        }
    }
}
