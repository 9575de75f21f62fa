using System.Runtime.InteropServices;
using Morgana.Build.Stubs;
using Morgana.Workspace;

namespace Morgana.Build.Tests.Stubs;

/// <summary>This very assembly is the program; its native object is C that has the names which the ahead-of-time compiler gives.</summary>
public sealed partial class ImportCheckTests : IDisposable
{
    private const string Lazy = "__pinvoke_Morgana_Build_Tests__Module__";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [DllImport("no-thing.x", EntryPoint = "plain_function")]
    private static extern int Plain(int value);

    [LibraryImport(
        "no-thing.x",
        EntryPoint = "text_function",
        StringMarshalling = StringMarshalling.Utf8
    )]
    private static partial int Text(string value);

    [DllImport("stubbed", EntryPoint = "stub_function")]
    private static extern int Stubbed(int value);

    /// <summary>What the tests look for; nobody calls it.</summary>
    internal static int Use()
    {
        int sum = Plain(1); // plain
        sum += Text("x"); // text
        return sum + Stubbed(1); // stubbed
    }

    private List<(string Assembly, WorkspaceMistake Mistake)> Check(
        string managed,
        params StubFile[] stubs
    ) =>
        ImportCheck.Check(
            CompiledC.Compile(folder, "managed.c", managed),
            [TestAssembly.Location],
            stubs,
            TestAssembly.Checkout
        );

    private static string LineOf(WorkspaceMistake mistake) =>
        File.ReadAllLines(mistake.File)[mistake.Line - 1];

    [Fact]
    public void A_program_of_which_no_such_call_is_left_is_good() =>
        Assert.Empty(Check("int main_of_it;"));

    [Fact]
    public void A_call_to_a_library_that_no_image_has_is_told_at_its_line_be_it_declared_or_generated()
    {
        List<(string, WorkspaceMistake Mistake)> found = Check(
            $"char {Lazy}no_thing_x__plain_function; char {Lazy}no_thing_x_2050__text_function;"
        );
        Assert.Equal(2, found.Count);
        Assert.EndsWith("// plain", LineOf(found[0].Mistake), StringComparison.Ordinal);
        Assert.EndsWith("// text", LineOf(found[1].Mistake), StringComparison.Ordinal);
        Assert.Contains(
            "ImportCheckTests.Plain imports plain_function from \"no-thing.x\", a library that no image has",
            found[0].Mistake.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "ImportCheckTests.Text imports text_function",
            found[1].Mistake.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_function_that_the_stubs_do_not_define_is_told_with_one_that_is_meant()
    {
        string code = CompiledC.Compile(
            folder,
            "stub.c",
            "int stub_functoin(int value) { return value; }"
        );
        WorkspaceMistake mistake = Assert
            .Single(
                Check(
                    "int stub_function(int); int use(void) { return stub_function(1); }",
                    new StubFile("stubbed", folder["stub.c"], code)
                )
            )
            .Mistake;
        Assert.EndsWith("// stubbed", LineOf(mistake).TrimEnd(), StringComparison.Ordinal);
        Assert.Contains(
            "stubs (stub.c) do not define it: did you mean stub_functoin?",
            mistake.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_function_that_the_stubs_define_is_good_and_one_of_another_library_is_told_where_it_is()
    {
        string code = CompiledC.Compile(
            folder,
            "stub.c",
            "int stub_function(int value) { return value; }"
        );
        string managed = "int stub_function(int); int use(void) { return stub_function(1); }";
        Assert.Empty(Check(managed, new StubFile("stubbed", folder["stub.c"], code)));

        string empty = CompiledC.Compile(folder, "empty.c", "int empty;");
        Assert.Contains(
            "it is in the stubs called \"other\"",
            Assert
                .Single(
                    Check(
                        managed,
                        new StubFile("other", folder["stub.c"], code),
                        new StubFile("stubbed", folder["empty.c"], empty)
                    )
                )
                .Mistake.Message,
            StringComparison.Ordinal
        );
    }
}
