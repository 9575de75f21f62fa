using System.Text.Json.Nodes;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Projects;

/// <summary>A lock, and a project that changes after it was written. Nothing is built here: restores say all.</summary>
public sealed class LockTests : IDisposable
{
    private const string LockFile = "app/packages.app.lock.json";

    private readonly UserRepository _repository = new("locks");

    public LockTests()
    {
        _repository.Write(
            "nuget.config",
            """
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="packages" />
              </config>
              <packageSources>
                <add key="own" value="feed" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="MACHINE" />
              </fallbackPackageFolders>
            </configuration>
            """.Replace("MACHINE", UserRepository.MachinePackages, StringComparison.Ordinal)
        );
        Project("""<PackageReference Include="Own.First" Version="1.*" />""");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task Depends_takes_a_new_package_into_the_lock_and_moves_no_other()
    {
        await PackAsync("Own.First", "1.0.0");
        await _repository.PrepareAsync("app");
        Assert.Equal("1.0.0", Locked("Own.First"));
        await PackAsync("Own.First", "1.1.0");
        await PackAsync("Own.Second", "1.0.0");
        Project(
            """<PackageReference Include="Own.First" Version="1.*" /><PackageReference Include="Own.Second" Version="1.0.0" />"""
        );

        ProcessResult refused = await _repository.TryMorganaAsync("app", "depends", "--locked");
        Assert.Equal(5, refused.Code);
        Assert.Contains("Own.Second", refused.Errors, StringComparison.Ordinal);
        Assert.Null(Locked("Own.Second"));

        ProcessResult adjusted = await _repository.MorganaAsync("app", "depends");
        Assert.Equal("1.0.0", Locked("Own.Second"));
        Assert.Equal("1.0.0", Locked("Own.First"));
        Assert.Contains(
            "Own.Second 1.0.0 is new",
            adjusted.Output + adjusted.Errors,
            StringComparison.Ordinal
        );
        _ = await _repository.MorganaAsync("app", "depends", "--locked");

        _ = await _repository.MorganaAsync("app", "depends", "--update");
        Assert.Equal("1.1.0", Locked("Own.First"));
    }

    [Fact]
    public async Task A_first_depends_that_fails_leaves_no_lock_that_would_fail_each_build_after_it()
    {
        _ = await _repository.MorganaAsync("app", "configure", "-t", "unix");
        ProcessResult failed = await _repository.TryMorganaAsync("app", "depends");
        Assert.Equal(4, failed.Code);
        Assert.False(File.Exists(_repository.PathOf(LockFile)));
        await PackAsync("Own.First", "1.0.0");
        _ = await _repository.MorganaAsync("app", "depends");
        Assert.Equal("1.0.0", Locked("Own.First"));
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("restore", "-p:DesignTimeBuild=true")]
    public async Task A_reference_that_is_added_in_an_editor_is_restored_and_was_once_an_error_until_everything_was_updated(
        params string[] restore
    )
    {
        await PackAsync("Own.First", "1.0.0");
        await _repository.PrepareAsync("app");
        _repository.Library("lib", "Lib", "\"lib\"");
        Project(
            """<PackageReference Include="Own.First" Version="1.*" /><ProjectReference Include="../lib/Lib.csproj" />"""
        );
        _ = await _repository.DotnetAsync("app", restore);
        Assert.Equal("1.0.0", Locked("Own.First"));
    }

    private async Task PackAsync(string name, string version)
    {
        _repository.Library($"source/{name}", name, "\"text\"");
        _ = await _repository.DotnetAsync(
            $"source/{name}",
            "pack",
            $"-p:Version={version}",
            "-o",
            _repository.PathOf("feed")
        );
    }

    private void Project(string references)
    {
        _ = Directory.CreateDirectory(_repository.PathOf("feed"));
        _repository.Unikernel("app", "app", "", $"<ItemGroup>{references}</ItemGroup>");
    }

    /// <summary>The version of a package in the lock; null when it is not there.</summary>
    private string? Locked(string package) =>
        (string?)
            JsonNode.Parse(File.ReadAllText(_repository.PathOf(LockFile)))!["dependencies"]![
                "net10.0"
            ]![package]?["resolved"];
}
