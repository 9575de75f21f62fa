using Morgana.Cli.Needs;
using Morgana.Cli.Needs.Locks;

namespace Morgana.Cli.Tests;

public class NativeToolsTests
{
    [Fact]
    public void Each_missing_tool_names_its_package()
    {
        Assert.Equal(
            ["clang", "lld", "musl-dev"],
            NativeTools.Missing("/usr/bin", _ => false).Select(t => t.Package)
        );
        Assert.Equal(
            ["lld"],
            NativeTools
                .Missing(
                    "/opt/bin::/usr/bin",
                    path => path is "/usr/bin/clang" or "/usr/lib/x86_64-linux-musl/libc.a"
                )
                .Select(t => t.Package)
        );
    }

    [Fact]
    public void The_lock_file_names_packages_and_not_projects()
    {
        using UnikernelSandbox sandbox = new();
        File.WriteAllText(
            sandbox.Path("packages.lock.json"),
            """
            { "version": 2, "dependencies": { "net10.0": {
              "B": { "type": "Direct", "resolved": "1.0.0" },
              "mine": { "type": "Project" } },
              "net10.0/linux-x64": { "B": { "type": "Direct", "resolved": "1.0.0" }, "A": { "type": "Transitive", "resolved": "2.0.0" } } } }
            """
        );
        Assert.Equal(["A@2.0.0", "B@1.0.0"], PackageLock.Read(sandbox.Path("packages.lock.json")));
        Assert.Empty(PackageLock.Read(sandbox.Path("nothing.json")));
        foreach (string damaged in (string[])["", "{}", "[]", "{\"dependencies\":[]}"])
        {
            File.WriteAllText(sandbox.Path("packages.lock.json"), damaged);
            CommandException e = Assert.Throws<CommandException>(() =>
                PackageLock.Read(sandbox.Path("packages.lock.json"))
            );
            Assert.Equal(ExitCode.Missing, e.ExitCode);
        }
    }
}
