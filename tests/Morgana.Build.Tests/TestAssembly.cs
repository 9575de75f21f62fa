namespace Morgana.Build.Tests;

/// <summary>This very assembly, which some tests read as a user's program.</summary>
internal static class TestAssembly
{
    public static string Location { get; } =
        Path.Combine(AppContext.BaseDirectory, "Morgana.Build.Tests.dll");

    /// <summary>The folder that stands behind "/_/" where the C# compiler wrote paths so, as it does in CI.</summary>
    public static string Checkout { get; } = FindCheckout();

    private static string FindCheckout()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Morgana.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("These tests run from a checkout.");
    }
}
