using System.Diagnostics;
using System.Security.Cryptography;
using Morgana.Cli.Needs.Packages;

namespace Morgana.Cli.Needs.Locks;

/// <summary>What builds an image on this machine: packages with their hashes, and the programs of the host as they are.</summary>
internal sealed class BuildTools
{
    private const string SdkPackage = "Morgana.Sdk";

    /// <summary>The properties of the unikernel's project that say what builds it.</summary>
    public static IReadOnlyList<string> Properties { get; } =
    [
        "MorganaCheckout",
        "MorganaVersion",
        "MorganaSdkVersion",
        "NETCoreSdkVersion",
        "NETCoreSdkPortableRuntimeIdentifier",
    ];

    private BuildTools(
        string host,
        string checkout,
        IReadOnlyList<LockedPackage> packages,
        IReadOnlyDictionary<string, string> found
    )
    {
        Host = host;
        Checkout = checkout;
        Packages = packages;
        Found = found;
    }

    /// <summary>This kind of machine, as .NET calls it: <c>linux-x64</c>.</summary>
    public string Host { get; }

    /// <summary>Full path of the checkout of Morgana that the project is in; empty when it is in none.</summary>
    public string Checkout { get; }

    /// <summary>The packages that take part in a build, by name.</summary>
    public IReadOnlyList<LockedPackage> Packages { get; }

    /// <summary>Programs and libraries of the host, by name, with their versions or hashes.</summary>
    public IReadOnlyDictionary<string, string> Found { get; }

    /// <summary>Looks for them.</summary>
    /// <param name="properties">What <see cref="Properties"/> are in the unikernel's project.</param>
    /// <param name="assets">What the restore decided.</param>
    /// <param name="configuration">What a restore of the project around config.cs decided; null when there is none.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">A package is not where it should be.</exception>
    public static async Task<BuildTools> FindAsync(
        IReadOnlyDictionary<string, string> properties,
        AssetsFile assets,
        AssetsFile? configuration,
        CancellationToken cancellation
    )
    {
        string checkout = Value("MorganaCheckout");
        SortedDictionary<string, LockedPackage> packages = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string id, string version) in assets.Downloads)
        {
            Add(assets, id, version);
        }

        foreach (Library library in configuration?.Libraries.Where(l => !l.IsProject) ?? [])
        {
            Add(configuration!, library.Id, library.Version);
        }

        string sdk = checkout.Length > 0 ? Value("MorganaVersion") : Value("MorganaSdkVersion");
        if (checkout.Length > 0)
        {
            packages[SdkPackage] = new(SdkPackage, sdk, "");
        }
        else
        {
            Add(assets, SdkPackage, sdk);
        }

        SortedDictionary<string, string> found = new(StringComparer.Ordinal)
        {
            ["dotnet"] = Value("NETCoreSdkVersion"),
        };
        foreach (NativeTool tool in NativeTools.All)
        {
            found[tool.Name] = tool.Places.FirstOrDefault(File.Exists) is string place
                ? $"sha256:{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(place, cancellation).ConfigureAwait(false)))}"
                : await VersionAsync(tool.Name, cancellation).ConfigureAwait(false);
        }

        return new BuildTools(
            Value("NETCoreSdkPortableRuntimeIdentifier"),
            checkout,
            [.. packages.Values],
            found
        );

        string Value(string name) => properties[name];

        void Add(AssetsFile restored, string id, string version)
        {
            InstalledPackage package =
                InstalledPackage.Find(restored.PackageFolders, id, version)
                ?? throw new CommandException(
                    ExitCode.Missing,
                    $"The package {id}@{version}, which builds need, is not on this machine although NuGet restored it: clear NuGet's caches (dotnet nuget locals all --clear) and run morgana depends."
                );
            packages[id] = new(id, version, package.NotedHash);
        }
    }

    /// <summary>The version in the first line that a program says of itself; "unknown" when it says none.</summary>
    private static async Task<string> VersionAsync(string program, CancellationToken cancellation)
    {
        try
        {
            using Process process = new()
            {
                StartInfo = new ProcessStartInfo(program, "--version")
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            };
            process.Start();
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            string output = await process
                .StandardOutput.ReadToEndAsync(cancellation)
                .ConfigureAwait(false);
            _ = await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            string first = output.Split('\n')[0].Trim();
            return first.Length > 0 ? first : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
