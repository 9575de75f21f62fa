using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Projects;

namespace Morgana.EndToEnd.Build;

/// <summary>
/// Ordinary edits of an ordinary repository, one after the other: each was answered "unchanged", and the old image stayed, as of f86f0ce. The image prints what it was made of.
/// </summary>
public sealed class EditTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly UserRepository repository = new("edits");

    public EditTests()
    {
        repository.Write("common.props", Property("FromProps", "props 1"));
        repository.Write("VERSION", "version 1");
        repository.Write(
            "Directory.Build.props",
            """
            <Project>
              <Import Project="common.props" />
              <PropertyGroup>
                <FromFile>$([System.IO.File]::ReadAllText('$(MSBuildThisFileDirectory)VERSION').Trim())</FromFile>
              </PropertyGroup>
            </Project>
            """
        );
        repository.Write("app/template.txt", "template 1");
        repository.Write("shared/one.txt", "1");
        repository.Write("lib/data/dist/one.txt", "1");
        repository.Write("app/Words.resx", Resource("resource 1"));
        repository.Library("lib", "Library", "\"library 1 \" + Parts()");
        repository.Write(
            "lib/Library.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RootNamespace>Library</RootNamespace>
              </PropertyGroup>
              <ItemGroup>
                <EmbeddedResource Include="data/**;../shared/**" />
                <Compile Include="../linked/*.cs" />
              </ItemGroup>
            </Project>
            """
        );
        repository.Write("lib/Text.cs", Library("library 1"));
        repository.Write(
            "linked/Linked.cs",
            "namespace Library { public static class Linked { public static string Value => \"linked 1\"; } }"
        );
        repository.Unikernel(
            "app",
            "app",
            """
            Say(Library.Text.Value + ", " + Library.Linked.Value);
            Say(Generated.Text);
            Say(new System.Resources.ResourceManager("User.Words", typeof(Unikernel).Assembly).GetString("Text")!);
            Say("own 1");
            """,
            """
            <PropertyGroup>
              <RootNamespace>User</RootNamespace>
            </PropertyGroup>
            <ItemGroup>
              <ProjectReference Include="../lib/Library.csproj" />
            </ItemGroup>
            <Target Name="Generate" BeforeTargets="BeforeCompile;CoreCompile" Inputs="template.txt" Outputs="$(IntermediateOutputPath)Generated.cs">
              <WriteLinesToFile
                File="$(IntermediateOutputPath)Generated.cs"
                Lines="internal static class Generated { public const string Text = &quot;$([System.IO.File]::ReadAllText('$(MSBuildProjectDirectory)/template.txt').Trim()), $(FromProps), $(FromFile), $(VERSION)&quot;%3B }"
                Overwrite="true"
              />
            </Target>
            <Target Name="AddGenerated" BeforeTargets="CoreCompile" DependsOnTargets="Generate">
              <ItemGroup>
                <Compile Include="$(IntermediateOutputPath)Generated.cs" />
              </ItemGroup>
            </Target>
            """
        );
    }

    public void Dispose() => repository.Dispose();

    [Fact]
    public async Task Each_edit_is_in_the_image_and_the_last_image_is_that_of_a_clean_build()
    {
        await repository.PrepareAsync("app");
        await Prints(
            "library 1 2, linked 1|template 1, props 1, version 1, 1.0.0|resource 1|own 1"
        );

        repository.Write("app/Words.resx", Resource("resource 2"));
        await Prints(
            "library 1 2, linked 1|template 1, props 1, version 1, 1.0.0|resource 2|own 1"
        );

        repository.Write("app/template.txt", "template 2");
        await Prints(
            "library 1 2, linked 1|template 2, props 1, version 1, 1.0.0|resource 2|own 1"
        );

        repository.Write("common.props", Property("FromProps", "props 2"));
        await Prints(
            "library 1 2, linked 1|template 2, props 2, version 1, 1.0.0|resource 2|own 1"
        );

        repository.Write("VERSION", "version 2");
        await Prints(
            "library 1 2, linked 1|template 2, props 2, version 2, 1.0.0|resource 2|own 1"
        );

        // As cp -p, mv, tar and rsync -t leave it: older than what was made of the one before.
        repository.Write("lib/Text.cs", Library("library 2"));
        File.SetLastWriteTimeUtc(repository.PathOf("lib/Text.cs"), new DateTime(2001, 1, 1));
        await Prints(
            "library 2 2, linked 1|template 2, props 2, version 2, 1.0.0|resource 2|own 1"
        );

        repository.Write("lib/data/dist/.well-known/two~", "2");
        repository.Write("shared/deep/two.txt", "2");
        await Prints(
            "library 2 4, linked 1|template 2, props 2, version 2, 1.0.0|resource 2|own 1"
        );

        repository.Write(
            "linked/Linked.cs",
            "namespace Library { public static class Linked { public static string Value => \"linked 2\"; } }"
        );
        File.Delete(repository.PathOf("shared/one.txt"));
        await Prints(
            "library 2 3, linked 2|template 2, props 2, version 2, 1.0.0|resource 2|own 1"
        );

        Environment.SetEnvironmentVariable("VERSION", "3.0.0");
        try
        {
            await Prints(
                "library 2 3, linked 2|template 2, props 2, version 2, 3.0.0|resource 2|own 1"
            );
        }
        finally
        {
            Environment.SetEnvironmentVariable("VERSION", null);
        }

        await Prints(
            "library 2 3, linked 2|template 2, props 2, version 2, 1.0.0|resource 2|own 1"
        );
        ProcessResult nothing = await repository.MorganaAsync("app", "build");
        Assert.Contains("unchanged", nothing.Output, StringComparison.Ordinal);

        // Saved while native code is compiled: in the image of the same build.
        Own("own 1", "own 2");
        await using (RunningProcess build = Start())
        {
            _ = await build.LineAsync("compiling native code", Patience);
            Own("own 2", "own 3");
            Assert.Equal(0, await build.ExitAsync(Patience));
        }

        Assert.EndsWith("own 3", await LinesAsync(), StringComparison.Ordinal);

        // Killed without a word: what it started ends with it, and the next build is right.
        Own("own 3", "own 4");
        await using (RunningProcess build = Start())
        {
            _ = await build.LineAsync("compiling native code", Patience);
            build.Send(PosixSignalNumber.Kill);
            _ = await build.ExitAsync(Patience);
            await ProgramsHaveEndedAsync();
        }

        await Prints(
            "library 2 3, linked 2|template 2, props 2, version 2, 1.0.0|resource 2|own 4"
        );

        // A copy is another place: it builds itself, and the original stays as it is.
        using UserRepository copy = new("edits-copy");
        using (
            System.Diagnostics.Process process = System.Diagnostics.Process.Start(
                "cp",
                ["-a", repository.Root + "/.", copy.Root]
            )
        )
        {
            await process.WaitForExitAsync();
        }

        string source = copy.PathOf("app/Unikernel.cs");
        File.WriteAllText(
            source,
            File.ReadAllText(source).Replace("own 4", "own 5", StringComparison.Ordinal)
        );
        _ = await copy.MorganaAsync("app", "build");
        Assert.EndsWith(
            "own 5",
            string.Join('|', await copy.PrintsAsync("app/dist/app")),
            StringComparison.Ordinal
        );
        Assert.EndsWith("own 4", await LinesAsync(), StringComparison.Ordinal);

        byte[] built = File.ReadAllBytes(repository.PathOf("app/dist/app"));
        Directory.Delete(repository.PathOf("app/obj"), recursive: true);
        Directory.Delete(repository.PathOf("app/dist"), recursive: true);
        Environment.SetEnvironmentVariable("MORGANA_CACHE", "off");
        try
        {
            _ = await repository.MorganaAsync("app", "build");
        }
        finally
        {
            Environment.SetEnvironmentVariable("MORGANA_CACHE", null);
        }

        Assert.True(
            built.AsSpan().SequenceEqual(File.ReadAllBytes(repository.PathOf("app/dist/app")))
        );
    }

    private async Task Prints(string lines)
    {
        _ = await repository.MorganaAsync("app", "build");
        Assert.Equal(lines, await LinesAsync());
    }

    private async Task<string> LinesAsync() =>
        string.Join('|', await repository.PrintsAsync("app/dist/app"));

    private RunningProcess Start() =>
        RunningProcess.Start(Repository.MorganaTool, ["build", "-C", repository.PathOf("app")]);

    private void Own(string old, string by)
    {
        string path = repository.PathOf("app/Unikernel.cs");
        File.WriteAllText(path, File.ReadAllText(path).Replace(old, by, StringComparison.Ordinal));
    }

    /// <summary>Waits until no program works on the repository any more.</summary>
    private async Task ProgramsHaveEndedAsync()
    {
        using CancellationTokenSource hangs = new(TimeSpan.FromMinutes(1));
        while (
            Directory
                .GetDirectories("/proc")
                .Select(folder => Path.Combine(folder, "cmdline"))
                .Any(IsOfRepository)
        )
        {
            await Task.Delay(20, hangs.Token);
        }

        bool IsOfRepository(string commandLine)
        {
            try
            {
                return File.ReadAllText(commandLine)
                    .Contains(repository.Root, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private static string Library(string text) =>
        $$"""
            namespace Library
            {
                public static class Text
                {
                    public static string Value => "{{text}} " + typeof(Text).Assembly.GetManifestResourceNames().Length;
                }
            }
            """;

    private static string Property(string name, string value) =>
        $"<Project><PropertyGroup><{name}>{value}</{name}></PropertyGroup></Project>";

    private static string Resource(string value) =>
        $"""
            <root>
              <resheader name="resmimetype"><value>text/microsoft-resx</value></resheader>
              <resheader name="version"><value>2.0</value></resheader>
              <resheader name="reader"><value>System.Resources.ResXResourceReader, System.Windows.Forms</value></resheader>
              <resheader name="writer"><value>System.Resources.ResXResourceWriter, System.Windows.Forms</value></resheader>
              <data name="Text"><value>{value}</value></data>
            </root>
            """;
}
