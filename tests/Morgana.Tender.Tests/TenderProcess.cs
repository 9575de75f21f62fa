using System.Diagnostics;
using Morgana.Elf;

namespace Morgana.Tender.Tests;

/// <summary>Runs the tender as a process of its own, on an image made by a test.</summary>
internal sealed class TenderProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The same tests hold for the native tender: MORGANA_TEST_TENDER=artifacts/tender/linux-x64/morgana-spt.
    private static readonly string Executable =
        Environment.GetEnvironmentVariable("MORGANA_TEST_TENDER")
        ?? Path.Combine(AppContext.BaseDirectory, "morgana-spt");

    private readonly string _folder = Directory.CreateTempSubdirectory("morgana-guest").FullName;

    private TenderProcess(
        ElfImageWriter image,
        string[] options,
        string[] arguments,
        (string Name, string Value)[] environment
    )
    {
        string path = Path.Combine(_folder, "guest.spt");
        File.WriteAllBytes(path, image.Write());
        var start = new ProcessStartInfo(Executable, [.. options, "--", path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Process = Process.Start(start)!;
    }

    public Process Process { get; }

    public static TenderProcess Start(ElfImageWriter image, params string[] options) =>
        new(image, options, [], []);

    /// <summary>Runs to the end.</summary>
    public static (int Code, string Output, string Error) Run(
        ElfImageWriter image,
        string[]? options = null,
        string[]? arguments = null,
        params (string Name, string Value)[] environment
    )
    {
        using var tender = new TenderProcess(
            image,
            options ?? ["--mem=16"],
            arguments ?? [],
            environment
        );
        Task<string> output = tender.Process.StandardOutput.ReadToEndAsync();
        Task<string> error = tender.Process.StandardError.ReadToEndAsync();
        Assert.True(tender.Process.WaitForExit(Patience));
        return (tender.Process.ExitCode, output.Result, error.Result);
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
            _ = Process.WaitForExit(Patience);
        }

        Process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
