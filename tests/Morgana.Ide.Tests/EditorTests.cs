using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Text;

namespace Morgana.Ide.Tests;

/// <summary>All of it in one open solution: where MirageOS has the editor resolve either config.ml or the unikernel.</summary>
public sealed class EditorTests(ResolverWorkspace workspace) : IClassFixture<ResolverWorkspace>
{
    [Fact]
    public void The_solution_holds_config_the_unikernel_and_the_libraries()
    {
        Assert.True(workspace.Complaints.Count == 0, string.Join('\n', workspace.Complaints));
        Assert.Equal(
            [
                "Morgana.Configuration",
                "Morgana.Dns",
                "Morgana.Net",
                "Morgana.Runtime",
                "config",
                "resolver",
            ],
            workspace.Solution.Projects.Select(p => p.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task No_document_of_any_project_has_an_error()
    {
        foreach (Project project in workspace.Solution.Projects)
        {
            Compilation compilation = (await project.GetCompilationAsync())!;
            Assert.NotEmpty(compilation.SyntaxTrees);
            Assert.Empty(
                compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)
            );
        }
    }

    [Fact]
    public async Task From_the_unikernel_one_goes_to_the_sources_of_Morgana_Net() =>
        Assert.EndsWith(
            Path.Combine("src", "Morgana.Net", "Udp", "IUdp.cs"),
            await DefinitionAsync("Unikernel.cs", "IUdp"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task From_config_one_goes_to_the_sources_of_Morgana_Configuration() =>
        Assert.Contains(
            Path.Combine("src", "Morgana.Configuration", "Devices"),
            await DefinitionAsync("config.cs", "GenericIpv4Stack"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task From_generated_code_one_goes_to_the_unikernel() =>
        Assert.EndsWith(
            "Unikernel.cs",
            await DefinitionAsync("morgana/Main.cs", "ResolverUnikernel"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("config.cs", "var stack = ", "GenericIpv4Stack", "DefaultNetwork")]
    [InlineData("config.cs", "BootArgument.", "Optional", "Repeated")]
    [InlineData("Unikernel.cs", "namespace ", "Resolver")]
    public async Task Completion_offers_what_fits(
        string file,
        string behind,
        params string[] offered
    )
    {
        Document document = workspace.Document(file);
        SourceText text = await document.GetTextAsync();
        int position = text.ToString().IndexOf(behind, StringComparison.Ordinal) + behind.Length;
        CompletionList list = await CompletionService
            .GetService(document)!
            .GetCompletionsAsync(document, position);
        ImmutableArray<string> names = [.. list.ItemsList.Select(i => i.DisplayText)];
        Assert.All(
            offered,
            name =>
                Assert.Contains(
                    names,
                    n => n == name || n.StartsWith(name + "<", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task A_mistake_typed_into_config_is_seen_at_once_and_only_there()
    {
        Document document = workspace.Document("config.cs");
        SourceText text = await document.GetTextAsync();
        int at = text.ToString().IndexOf("DefaultNetwork()", StringComparison.Ordinal);
        Document changed = document.WithText(
            text.Replace(new TextSpan(at, "DefaultNetwork".Length), "DefaultNetwrok")
        );
        Compilation compilation = (await changed.Project.GetCompilationAsync())!;
        Diagnostic error = compilation
            .GetDiagnostics()
            .First(d => d.Severity == DiagnosticSeverity.Error);
        Assert.Equal("CS0103", error.Id);
        Assert.Equal(at, error.Location.SourceSpan.Start);
    }

    [Fact]
    public async Task All_uses_of_a_librarys_type_are_found_across_the_projects()
    {
        Document document = workspace.Document("Unikernel.cs");
        ISymbol symbol = await SymbolAsync(document, "IUdp");
        IEnumerable<ReferencedSymbol> found = await SymbolFinder.FindReferencesAsync(
            symbol,
            workspace.Solution
        );
        Assert.Superset(
            new HashSet<string> { "Morgana.Net", "Morgana.Dns", "resolver" },
            found.SelectMany(f => f.Locations).Select(l => l.Document.Project.Name).ToHashSet()
        );
    }

    private async Task<string> DefinitionAsync(string file, string word)
    {
        ISymbol symbol = await SymbolAsync(workspace.Document(file), word);
        ISymbol source =
            await SymbolFinder.FindSourceDefinitionAsync(symbol, workspace.Solution) ?? symbol;
        Location location = source.Locations.First();
        Assert.True(location.IsInSource, $"{word} leads to {location.MetadataModule?.Name}");
        return location.SourceTree!.FilePath;
    }

    private static async Task<ISymbol> SymbolAsync(Document document, string word)
    {
        SourceText text = await document.GetTextAsync();
        SyntaxNode root = (await document.GetSyntaxRootAsync())!;
        SyntaxToken token = root.DescendantTokens().First(t => t.Text == word);
        SemanticModel model = (await document.GetSemanticModelAsync())!;
        return await SymbolFinder.FindSymbolAtPositionAsync(
                model,
                token.SpanStart,
                document.Project.Solution.Workspace
            ) ?? throw new InvalidOperationException($"{word} means nothing in {text}.");
    }
}
