using System.Diagnostics;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>One commit of a repository, fetched with <c>git</c> into a folder of the tool's own.</summary>
internal sealed class GitRepository
{
    private readonly string _folder;
    private readonly string _commit;
    private Dictionary<string, List<string>>? _byName;

    private GitRepository(string folder, string commit)
    {
        _folder = folder;
        _commit = commit;
    }

    /// <summary>Fetches a commit. Only what is asked for later is brought, where the server can do that.</summary>
    /// <param name="cache">Full path of a folder for such repositories.</param>
    /// <param name="address">The repository.</param>
    /// <param name="commit">The commit, in full.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="SourcesException">It cannot be had.</exception>
    public static async Task<GitRepository> FetchAsync(
        string cache,
        string address,
        string commit,
        CancellationToken cancellation
    )
    {
        // What a package says is believed only as far as it cannot be taken for an option or a command.
        if (
            commit.Length is < 7 or > 64
            || !commit.All(char.IsAsciiHexDigit)
            || !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("https" or "http" or "ssh" or "git" or "file")
        )
        {
            throw new SourcesException(
                $"names no repository and commit that git could fetch ({address}, {commit})"
            );
        }

        string folder = Path.Combine(
            cache,
            VendorFolder.Hash(System.Text.Encoding.UTF8.GetBytes(address))[..16]
        );
        Directory.CreateDirectory(folder);
        await GitAsync(folder, ["init", "--quiet", "--bare"], cancellation).ConfigureAwait(false);
        (int present, _, _) = await RunAsync(
                folder,
                ["cat-file", "-e", commit + "^{commit}"],
                cancellation
            )
            .ConfigureAwait(false);
        if (present != 0)
        {
            (int exit, _, string error) = await RunAsync(
                    folder,
                    ["fetch", "--quiet", "--depth=1", "--filter=blob:none", address, commit],
                    cancellation
                )
                .ConfigureAwait(false);
            if (exit != 0)
            {
                throw new SourcesException(
                    $"names its sources at {address}, commit {Short(commit)}, which git cannot fetch: {error.Split('\n').LastOrDefault(l => l.Length > 0, "no reason given").Trim()}"
                );
            }

            // Blobs come when they are asked for, from where the commit came.
            await GitAsync(folder, ["config", "remote.origin.url", address], cancellation)
                .ConfigureAwait(false);
            await GitAsync(folder, ["config", "remote.origin.promisor", "true"], cancellation)
                .ConfigureAwait(false);
        }

        return new GitRepository(folder, commit);
    }

    /// <summary>The files of the commit with a name, whichever folder they are in.</summary>
    public async Task<IReadOnlyList<string>> NamedAsync(string name, CancellationToken cancellation)
    {
        if (_byName is null)
        {
            byte[] list = await GitAsync(
                    _folder,
                    ["ls-tree", "-r", "-z", "--name-only", "--full-tree", _commit],
                    cancellation
                )
                .ConfigureAwait(false);
            _byName = System
                .Text.Encoding.UTF8.GetString(list)
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .GroupBy(p => p[(p.LastIndexOf('/') + 1)..], StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        }

        return _byName.GetValueOrDefault(name) ?? [];
    }

    /// <summary>The content of a file of the commit.</summary>
    public Task<byte[]> ReadAsync(string path, CancellationToken cancellation) =>
        GitAsync(_folder, ["cat-file", "blob", $"{_commit}:{path}"], cancellation);

    /// <summary>Lays the whole commit out in a folder that is not there yet.</summary>
    public async Task CheckOutAsync(string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await GitAsync(
                _folder,
                ["--work-tree=" + folder, "checkout", "--quiet", "--force", _commit, "--", "."],
                cancellation
            )
            .ConfigureAwait(false);
    }

    /// <summary>The first letters of a commit, for people.</summary>
    public static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;

    private static async Task<byte[]> GitAsync(
        string folder,
        string[] arguments,
        CancellationToken cancellation
    )
    {
        (int exit, byte[] output, string error) = await RunAsync(folder, arguments, cancellation)
            .ConfigureAwait(false);
        return exit == 0
            ? output
            : throw new SourcesException(
                $"cannot be had from git: git {arguments[0]} says {error.Trim()}"
            );
    }

    private static async Task<(int Exit, byte[] Output, string Error)> RunAsync(
        string folder,
        string[] arguments,
        CancellationToken cancellation
    )
    {
        ProcessStartInfo start = new("git", ["--git-dir=" + folder, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Nobody is there to type a password.
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes";
        start.Environment["LC_ALL"] = "C";
        using Process process = new() { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new SourcesException(
                "names its sources in a git repository, and there is no git command: install git"
            );
        }

        try
        {
            process.StandardInput.Close();
            using MemoryStream output = new();
            Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
            await process
                .StandardOutput.BaseStream.CopyToAsync(output, cancellation)
                .ConfigureAwait(false);
            string text = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return (process.ExitCode, output.ToArray(), text);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
