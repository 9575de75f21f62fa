using System.CommandLine;
using System.Text.Json.Nodes;
using Morgana.Cli.Needs;
using Morgana.Cli.Needs.Locks;
using Morgana.Cli.Needs.Vendoring;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana depends</c>.</summary>
internal static class DependsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, string directory)
    {
        Option<string?> folder = CommonOptions.Folder();
        Option<bool> update = new("--update")
        {
            Description = "resolve the packages anew and rewrite the lock files",
        };
        Option<bool> locked = new("--locked")
        {
            Description = "write nothing, and fail when a lock file is missing or stale",
        };
        Option<string[]> vendor = new("--vendor")
        {
            Description =
                "bring the sources of the packages that carry or name them to vendor/, from where the build then takes them; all packages, or those named (stars are allowed)",
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> force = new("--force") { Description = "write over edited files in vendor/" };
        Option<string?> sbom = new("--sbom")
        {
            Description =
                "write what is in the images and what built them as CycloneDX 1.6: to a file, or with - to the standard output [default: NAME.cdx.json]",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> verbose = CommonOptions.Verbose();
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "depends",
            "Restores exactly the packages that packages.NAME.lock.json names, compares them and the build's tools (tools.NAME.lock.json) with the hashes there, and checks that the native tools are there. Writes the lock files the first time."
        )
        {
            folder,
            update,
            locked,
            vendor,
            force,
            sbom,
            verbose,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(update) && result.GetValue(locked))
            {
                result.AddError(
                    "--update writes the lock files and --locked writes nothing: choose one."
                );
            }
        });
        command.SetAction(
            async (parsed, cancellation) =>
            {
                UnikernelFolder unikernel = CommonOptions.Open(parsed, directory, folder);
                SavedContext context = unikernel.RequireCurrentContext();
                Dependencies dependencies = new(unikernel, context, terminal);
                await dependencies
                    .BringAsync(
                        new DependsOptions
                        {
                            Update = parsed.GetValue(update),
                            Locked = parsed.GetValue(locked),
                            Verbose = parsed.GetValue(verbose),
                            Vendor = parsed.GetResult(vendor) is not null,
                            VendorNames = parsed.GetValue(vendor) ?? [],
                            Force = parsed.GetValue(force),
                        },
                        cancellation
                    )
                    .ConfigureAwait(false);
                if (parsed.GetResult(sbom) is not null)
                {
                    string document = dependencies.BillOfMaterials();
                    string file = parsed.GetValue(sbom) ?? $"{context.Name}.cdx.json";
                    if (file == "-")
                    {
                        terminal.Out.Write(document);
                        return ExitCode.Done;
                    }

                    await PlacedFile
                        .WriteAsync(Path.GetFullPath(file, directory), document, cancellation)
                        .ConfigureAwait(false);
                    await terminal.Error.WriteAsync($"wrote {file}\n").ConfigureAwait(false);
                }

                if (parsed.GetValue(json))
                {
                    terminal.Json(Report(dependencies));
                    return ExitCode.Done;
                }

                foreach (string note in dependencies.Notes)
                {
                    await terminal.Error.WriteAsync($"note: {note}\n").ConfigureAwait(false);
                }

                int count = PackageLock.Read(dependencies.LockFile).Count;
                terminal.Out.Write(
                    $"{context.Name}: {count} packages restored as {Path.GetFileName(dependencies.LockFile)} names them; native tools found: {string.Join(", ", NativeTools.All.Select(t => t.Name))}.\n"
                );
                if (dependencies.Vendored is { } vendored)
                {
                    Tell(terminal, vendored);
                }
                else if (dependencies.Vendor.IsUsed)
                {
                    terminal.Out.Write(
                        $"{VendorFolder.Name}/ takes the place of {dependencies.Vendor.Read().Count} of them.\n"
                    );
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Tell(Terminal terminal, VendoringResult vendored)
    {
        foreach (VendoredPackage package in vendored.Packages)
        {
            string from = package.Source switch
            {
                "embedded" => "sources embedded in its PDB",
                "package" => "sources in the package",
                _ => $"{package.Address} {package.Commit}".TrimEnd(),
            };
            terminal.Out.Write(
                $"  {VendorFolder.Name}/{package.Id}  {package.Version}, {package.Files.Count} files: {from}\n"
            );
        }

        foreach ((string id, string why) in vendored.Left)
        {
            terminal.Out.Write($"  {id} stays a package: it {why}\n");
        }

        foreach (string file in vendored.Kept)
        {
            terminal.Out.Write($"  kept your edit of {VendorFolder.Name}/{file}\n");
        }
    }

    private static JsonObject Report(Dependencies dependencies) =>
        new()
        {
            ["lock"] = Path.GetFileName(dependencies.LockFile),
            ["packages"] = new JsonArray([
                .. PackageLock.Read(dependencies.LockFile).Select(package => (JsonNode)package),
            ]),
            ["toolsLock"] = Path.GetFileName(dependencies.ToolsLockFile),
            ["toolPackages"] = new JsonArray([
                .. dependencies.Tools.Packages.Select(package => (JsonNode)package.ToString()),
            ]),
            ["tools"] = new JsonArray([.. NativeTools.All.Select(tool => (JsonNode)tool.Name)]),
            ["vendored"] = new JsonArray([
                .. dependencies
                    .Vendor.Read()
                    .Select(package => (JsonNode)$"{package.Id}@{package.Version}"),
            ]),
            ["notVendored"] = new JsonObject(
                dependencies.Vendored?.Left.Select(l =>
                    KeyValuePair.Create(l.Key, (JsonNode?)$"it {l.Value}")
                )
                    ?? []
            ),
            ["notes"] = new JsonArray([.. dependencies.Notes.Select(note => (JsonNode)note)]),
        };
}
