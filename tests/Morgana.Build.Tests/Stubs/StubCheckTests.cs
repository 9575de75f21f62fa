using Morgana.Build.Stubs;
using Morgana.Workspace;

namespace Morgana.Build.Tests.Stubs;

public sealed class StubCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private StubFile Stub(string name, string source, params string[] flags) =>
        new(
            "fast",
            folder[name],
            CompiledC.Compile(folder, name, source, "x86_64-unknown-linux-elf", flags)
        );

    private static List<WorkspaceMistake> Check(params StubFile[] stubs) =>
        StubCheck.Check(stubs, [], "x64");

    [Fact]
    public void Stubs_that_have_only_names_of_their_own_are_good()
    {
        string layer = CompiledC.Compile(folder, "layer.c", "int layer(void) { return 1; }");
        StubFile one = Stub("one.c", "int layer(void); int one(void) { return layer(); }");
        StubFile two = Stub(
            "two.c",
            "static int layer(void) { return 2; } int two(void) { return layer(); }"
        );
        Assert.Empty(StubCheck.Check([one, two], [layer], "x64"));
    }

    [Fact]
    public void A_function_of_the_native_layer_is_not_replaced_silently_be_it_in_an_archive_or_weak()
    {
        string layer = CompiledC.Archive(
            folder,
            "layer.a",
            CompiledC.Compile(folder, "layer.c", "int layer(void) { return 1; }"),
            CompiledC.Compile(folder, "other.c", "int other(void) { return 1; }")
        );
        StubFile one = Stub("one.c", "int layer(void) { return 2; }");
        StubFile two = Stub("two.c", "__attribute__((weak)) int other(void) { return 2; }");
        List<WorkspaceMistake> mistakes = StubCheck.Check([one, two], [layer], "x64");
        Assert.Equal([one.Source, two.Source], mistakes.Select(mistake => mistake.File));
        Assert.Equal(StubCheck.Code, mistakes[0].Code);
        Assert.StartsWith(
            "layer is in what every image stands on as well (layer.a(layer.o))",
            mistakes[0].Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_name_in_two_stubs_is_told_with_both()
    {
        WorkspaceMistake mistake = Assert.Single(
            Check(
                Stub("one.c", "int same(void) { return 1; }"),
                Stub("two.c", "int same(void) { return 2; }")
            )
        );
        Assert.Equal(folder["two.c"], mistake.File);
        Assert.StartsWith("same is in one.c as well", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_call_is_told_with_source_and_function()
    {
        WorkspaceMistake mistake = Assert.Single(
            Check(Stub("call.c", "void smuggle(void) { __asm__ volatile(\"syscall\"); }"))
        );
        Assert.Equal((StubCheck.SystemCallCode, folder["call.c"]), (mistake.Code, mistake.File));
        Assert.Contains("syscall in smuggle", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "__attribute__((section(\".text.morgana.syscall\"))) void f(void) { __asm__ volatile(\"syscall\"); }",
        "MORGANA042"
    )]
    [InlineData("char __morgana_syscall_start[1];", "MORGANA044")]
    [InlineData("__asm__(\"__morgana_syscall_end:\");", "MORGANA044")]
    public void The_place_where_system_calls_are_allowed_cannot_be_widened(
        string source,
        string code
    ) => Assert.Equal(code, Assert.Single(Check(Stub("widen.c", source))).Code);

    [Fact]
    public void An_object_for_another_processor_is_refused()
    {
        string other = CompiledC.Compile(
            folder,
            "arm.c",
            "int f(void) { return 1; }",
            "aarch64-unknown-linux-elf"
        );
        WorkspaceMistake mistake = Assert.Single(Check(new StubFile("fast", other, other)));
        Assert.Contains(
            "for another processor than x64",
            mistake.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_no_object_is_told_with_what_to_do()
    {
        Assert.Contains(
            "-flto",
            Assert.Single(Check(Stub("lto.c", "int f(void) { return 1; }", "-flto"))).Message,
            StringComparison.Ordinal
        );
        string text = folder.Write("libtext.a", "not an archive");
        Assert.Contains(
            "libtext.a is not an archive",
            Assert.Single(Check(new StubFile("fast", text, text))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_system_call_in_a_library_is_left_to_the_search_of_the_image()
    {
        string library = CompiledC.Archive(
            folder,
            "libcall.a",
            CompiledC.Compile(
                folder,
                "call.c",
                "void smuggle(void) { __asm__ volatile(\"syscall\"); }"
            )
        );
        Assert.Empty(Check(new StubFile("fast", library, library)));
    }

    [Fact]
    public void Arguments_carry_stubs_there_and_back()
    {
        StubFile[] stubs = [new("a", "/a b/x.c", "/o/x.o"), new("b", "/l.a", "/l.a")];
        Assert.Equal(
            stubs,
            StubFile.Read(["x64", .. stubs.SelectMany(stub => stub.ToArguments())])
        );
    }
}
