using Morgana.Cli.Dotnet;
using Morgana.Cli.Ide;
using Morgana.Cli.Needs.Bom;
using Morgana.Cli.Needs.Locks;
using Morgana.Cli.Needs.Packages;
using Morgana.Cli.Needs.Vendoring;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Needs;

/// <summary>Brings what a unikernel needs to this machine, holds it to the locks, and knows what it is.</summary>
internal sealed class Dependencies(UnikernelFolder folder, SavedContext context, Terminal terminal)
{
    /// <summary>Full path of the unikernel's project.</summary>
    public string Project { get; } = folder.RequireProject(context.Name);

    /// <summary>Full path of the lock of what goes into the image.</summary>
    public string LockFile => UnikernelFolder.LockFile(Project);

    /// <summary>Full path of the lock of what builds the image.</summary>
    public string ToolsLockFile => UnikernelFolder.ToolsLockFile(Project);

    /// <summary>What NuGet decided; there after <see cref="BringAsync"/>.</summary>
    public AssetsFile Assets { get; private set; } = null!;

    /// <summary>What builds the image; there after <see cref="BringAsync"/>.</summary>
    public BuildTools Tools { get; private set; } = null!;

    /// <summary>The sources that take the place of packages.</summary>
    public VendorFolder Vendor { get; } = new(Path.Combine(folder.Location, VendorFolder.Name));

    /// <summary>What <c>--vendor</c> did; null when it was not asked for.</summary>
    public VendoringResult? Vendored { get; private set; }

    /// <summary>What is worth telling, a line each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    private readonly List<string> _notes = [];

    /// <summary>Restores the packages, verifies them, and compares or writes the locks.</summary>
    /// <exception cref="CommandException">Something is missing, a lock is stale, or a package is not what a lock names.</exception>
    public async Task BringAsync(DependsOptions options, CancellationToken cancellation)
    {
        RefuseMissingTools();
        string name = Path.GetFileName(LockFile);
        if (options.Locked && !File.Exists(LockFile))
        {
            throw Missing(name);
        }

        // What is locked is a start that an update does without: it may be damaged.
        IReadOnlyList<LockedPackage> before =
            options.Update || !File.Exists(LockFile) ? [] : PackageLock.ReadPackages(LockFile);
        await new LockedRestore(new Restoring(folder, terminal, options.Verbose))
            .RunAsync(Project, LockFile, UseOf(options), vendored: false, cancellation)
            .ConfigureAwait(false);
        IReadOnlyDictionary<string, string> properties = await EvaluatedProperties
            .ReadAsync(
                folder.Location,
                Project,
                [.. BuildTools.Properties, ConfigurationProject.AssetsProperty],
                cancellation
            )
            .ConfigureAwait(false);
        string assets = properties[ConfigurationProject.AssetsProperty];
        Assets = AssetsFile.Read(assets);
        await folder.NoteAssetsAsync(assets, cancellation).ConfigureAwait(false);
        IReadOnlyList<LockedPackage> locked = PackageLock.ReadPackages(LockFile);
        if (before.Count > 0)
        {
            _notes.AddRange(LockGuard.Changes(before, locked).Select(c => $"{name}: {c}"));
        }

        Verify(locked, name, cancellation);

        Tools = await BuildTools
            .FindAsync(
                properties,
                Assets,
                await RestoreConfigurationAsync(options, cancellation).ConfigureAwait(false),
                cancellation
            )
            .ConfigureAwait(false);
        await KeepToolsAsync(options, cancellation).ConfigureAwait(false);
        await KeepSourcesAsync(options, cancellation).ConfigureAwait(false);
    }

    /// <summary>What is in the images and what built them, as a CycloneDX document; after <see cref="BringAsync"/>.</summary>
    /// <exception cref="CommandException">SOURCE_DATE_EPOCH is no number.</exception>
    public string BillOfMaterials()
    {
        string? epoch = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
        long seconds = 0;
        if (
            !string.IsNullOrEmpty(epoch)
            && !long.TryParse(
                epoch,
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out seconds
            )
        )
        {
            throw new CommandException(
                ExitCode.Usage,
                $"SOURCE_DATE_EPOCH is '{epoch}': it must be a number of seconds since 1970."
            );
        }

        return new BillOfMaterials
        {
            Name = context.Name,
            Images = [.. context.Images().Select(i => Path.Combine(folder.ImagesPath, i))],
            Assets = Assets,
            Vendored = [.. Vendor.Read().Select(p => (p, Vendor.Edited(p).Any()))],
            Tools = Tools.Packages,
            Found = Tools.Found,
            Epoch = string.IsNullOrEmpty(epoch) ? null : seconds,
        }.Print();
    }

    /// <summary>Restores the project around config.cs, which editors open and whose packages are tools of the build.</summary>
    private async Task<AssetsFile?> RestoreConfigurationAsync(
        DependsOptions options,
        CancellationToken cancellation
    )
    {
        await new IdeFiles(folder, context.Name).WriteAsync(cancellation).ConfigureAwait(false);
        string project = ConfigurationProject.PathIn(folder);
        await new Restoring(folder, terminal, options.Verbose)
            .RunAsync(project, folder.ConfigFile, LockUse.Adjust, vendored: false, cancellation)
            .ConfigureAwait(false);
        return AssetsFile.Read(
            await ConfigurationProject.AssetsAsync(folder, cancellation).ConfigureAwait(false)
        );
    }

    /// <summary>Brings the sources in vendor/, or holds what lies there to the lock, and restores what they leave open.</summary>
    private async Task KeepSourcesAsync(DependsOptions options, CancellationToken cancellation)
    {
        bool there = Vendor.IsUsed;
        if (options.Vendor)
        {
            IReadOnlyList<string> names =
                options.VendorNames.Count > 0
                    ? [.. options.VendorNames, .. Vendor.Read().Select(p => p.Id)]
                    : [];
            Vendored = await new Vendoring.Vendoring(folder, Assets, terminal)
                .RunAsync(names, options.Force, cancellation)
                .ConfigureAwait(false);
            await new IdeFiles(folder, context.Name).WriteAsync(cancellation).ConfigureAwait(false);
        }

        if (!Vendor.IsUsed)
        {
            return;
        }

        IReadOnlyList<VendoredPackage> packages = Vendor.Read();
        RefuseOtherSources(packages);
        string lockFile = Path.Combine(Vendor.Location, Path.GetFileName(LockFile));
        if (options.Locked && !File.Exists(lockFile))
        {
            throw Missing($"{VendorFolder.Name}/{Path.GetFileName(lockFile)}");
        }

        // Other sources than before make another graph, and its lock is a new one.
        LockUse use = options.Vendor || !there ? LockUse.Renew : UseOf(options);
        await new LockedRestore(new Restoring(folder, terminal, options.Verbose))
            .RunAsync(Project, lockFile, use, vendored: true, cancellation)
            .ConfigureAwait(false);
        List<string> edited = [.. packages.SelectMany(Vendor.Edited)];
        if (edited.Count > 0)
        {
            _notes.Add(
                $"edited in {VendorFolder.Name}/: {string.Join(", ", edited.Take(8))}{(edited.Count > 8 ? $" and {edited.Count - 8} more" : "")}"
            );
        }
    }

    private static LockUse UseOf(DependsOptions options) =>
        options.Update ? LockUse.Renew
        : options.Locked ? LockUse.Hold
        : LockUse.Adjust;

    private void RefuseOtherSources(IReadOnlyList<VendoredPackage> packages)
    {
        List<string> differences = [];
        foreach (VendoredPackage package in packages)
        {
            Library? library = Assets.Libraries.FirstOrDefault(l =>
                !l.IsProject && l.Id.Equals(package.Id, StringComparison.OrdinalIgnoreCase)
            );
            if (library is null)
            {
                differences.Add($"{package.Id} {package.Version}, which is no longer needed");
            }
            else if (library.Version != package.Version)
            {
                differences.Add($"{package.Id} {package.Version}; the lock has {library.Version}");
            }
            else if (library.ContentHash != package.ContentHash)
            {
                differences.Add(
                    $"{package.Id} {package.Version} of another package than the lock names"
                );
            }
        }

        if (differences.Count > 0)
        {
            throw new CommandException(
                ExitCode.LockStale,
                $"{VendorFolder.Name}/ has the sources of other packages than {Path.GetFileName(LockFile)} names:\n  {string.Join("\n  ", differences)}\nmorgana depends --vendor brings them in line; edits are not written over."
            );
        }
    }

    private async Task KeepToolsAsync(DependsOptions options, CancellationToken cancellation)
    {
        string name = Path.GetFileName(ToolsLockFile);
        ToolsLock? present = options.Update ? null : ToolsLock.Read(ToolsLockFile);
        if (options.Locked && present is null)
        {
            throw Missing(name);
        }

        IReadOnlyList<string> changes = present?.Changes(Tools.Host, Tools.Packages) ?? [];
        IReadOnlyList<LockedPackage> lacks =
            present?.Lacks(Tools.Host, Tools.Packages) ?? Tools.Packages;
        if (changes.Count > 0 || (options.Locked && lacks.Count > 0))
        {
            throw new CommandException(
                ExitCode.LockStale,
                $"{name} does not fit what builds the image on {Tools.Host}:\n  "
                    + string.Join(
                        "\n  ",
                        changes.Concat(
                            lacks.Select(p => $"{p} is needed and missing from the lock")
                        )
                    )
                    + (
                        changes.Count > 0
                            ? "\nIf that is what you want: morgana depends --update writes the lock anew; look at what changed in it."
                            : "\nmorgana depends without --locked adds it."
                    )
            );
        }

        // Other contexts and other hosts have tools of their own: what the lock says of those stays.
        if (lacks.Count > 0)
        {
            bool known = present?.Knows(Tools.Host) == true;
            await PlacedFile
                .WriteAsync(
                    ToolsLockFile,
                    ToolsLock.Print(
                        options.Update ? ReadableToolsLock() : present,
                        Tools.Host,
                        known ? [.. present!.Packages(Tools.Host), .. lacks] : Tools.Packages,
                        known ? present!.Found(Tools.Host) : Tools.Found
                    ),
                    cancellation
                )
                .ConfigureAwait(false);
        }

        foreach (
            (string tool, string was) in present?.Found(Tools.Host)
                ?? new Dictionary<string, string>()
        )
        {
            if (Tools.Found.TryGetValue(tool, out string? now) && now != was)
            {
                _notes.Add($"{tool} is another than {name} was written with: {now} (it was {was})");
            }
        }

        Verify(Tools.Packages, name, cancellation);
    }

    /// <summary>The lock of the tools for what it says of other hosts; a damaged one is replaced by --update.</summary>
    private ToolsLock? ReadableToolsLock()
    {
        try
        {
            return ToolsLock.Read(ToolsLockFile);
        }
        catch (CommandException)
        {
            return null;
        }
    }

    private void Verify(
        IEnumerable<LockedPackage> packages,
        string lockFile,
        CancellationToken cancellation
    )
    {
        List<string> problems = [];
        foreach (LockedPackage package in packages.Where(p => p.ContentHash.Length > 0))
        {
            InstalledPackage? installed = InstalledPackage.Find(
                Assets.PackageFolders,
                package.Id,
                package.Version
            );
            problems.AddRange(
                installed is null
                    ? [$"{package} is not on this machine"]
                    : PackageCheck.Problems(installed, package.ContentHash, cancellation)
            );
        }

        if (problems.Count > 0)
        {
            throw new CommandException(
                ExitCode.LockStale,
                $"Packages on this machine are not what {lockFile} names:\n  {string.Join("\n  ", problems.Take(10))}"
                    + (problems.Count > 10 ? $"\n  and {problems.Count - 10} more" : "")
                    + "\nFind out who changed them. Then remove their folders and run morgana depends, which brings them anew."
            );
        }
    }

    private static CommandException Missing(string name) =>
        new(
            ExitCode.LockStale,
            $"{name} is missing, and --locked writes nothing: run morgana depends without it once, and put the file under version control."
        );

    private static void RefuseMissingTools()
    {
        IReadOnlyList<NativeTool> missing = NativeTools.Missing();
        if (missing.Count > 0)
        {
            throw new CommandException(
                ExitCode.Missing,
                string.Join(
                    "\nmorgana: ",
                    missing.Select(tool => $"{tool.Name} is not there: {tool.Purpose}.")
                )
                    + $"\nInstall: sudo apt-get install {string.Join(' ', missing.Select(t => t.Package).Distinct())}"
            );
        }
    }
}
