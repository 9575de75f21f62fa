namespace Morgana.EndToEnd.Projects;

/// <summary>A repository with a unikernel, a library and a test project that refers to the unikernel, in a solution and in a filter of it.</summary>
public sealed class SolutionRepository : IAsyncLifetime
{
    internal UserRepository Repository { get; } = new("solution");

    public async ValueTask InitializeAsync()
    {
        Repository.Library("lib", "Lib", "\"lib\"");
        Repository.Unikernel(
            "app",
            "app",
            """
            Say(Answer());
            #if DEBUG
                    Say("debug");
            #endif
            """,
            """<ItemGroup><ProjectReference Include="../lib/Lib.csproj" /></ItemGroup>"""
        );
        Repository.Write(
            "app/Unikernel.Logic.cs",
            "namespace User; public static class Logic { public static int Double(int value) => 2 * value; }"
        );
        Repository.Write(
            "app/Unikernel.cs",
            (await File.ReadAllTextAsync(Repository.PathOf("app/Unikernel.cs"))).Replace(
                "private void Say",
                "private static string Answer() => Lib.Text.Value + \" \" + Logic.Double(21);\n\n    private void Say",
                StringComparison.Ordinal
            )
        );
        Repository.Write(
            "tests/Tests.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="xunit.v3" Version="4.0.2" />
                <ProjectReference Include="../app/app.csproj" />
              </ItemGroup>
            </Project>
            """
        );
        Repository.Write(
            "tests/LogicTests.cs",
            """
            public class LogicTests
            {
                [Xunit.Fact]
                public void Doubles() => Xunit.Assert.Equal(42, User.Logic.Double(21));
            }
            """
        );
        Repository.Write(
            "global.json",
            """{ "test": { "runner": "Microsoft.Testing.Platform" } }"""
        );
        Repository.Write(
            "all.slnx",
            """
            <Solution>
              <Project Path="app/app.csproj" />
              <Project Path="lib/Lib.csproj" />
              <Project Path="tests/Tests.csproj" />
            </Solution>
            """
        );
        Repository.Write(
            "tests.slnf",
            """{ "solution": { "path": "all.slnx", "projects": [ "lib/Lib.csproj", "tests/Tests.csproj" ] } }"""
        );
        Repository.Write(
            "app.slnf",
            """{ "solution": { "path": "all.slnx", "projects": [ "lib/Lib.csproj", "app/app.csproj" ] } }"""
        );
        await Repository.PrepareAsync("app");
    }

    public ValueTask DisposeAsync()
    {
        Repository.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the images away, so that it can be seen whether they are made.</summary>
    internal void RemoveImages()
    {
        if (Directory.Exists(Repository.PathOf("app/dist")))
        {
            Directory.Delete(Repository.PathOf("app/dist"), recursive: true);
        }
    }
}
