using System.Security.Cryptography;
using System.Text;
using Morgana.Workspace.Contexts;
using Morgana.Workspace.Toolchains;

namespace Morgana.Workspace.Resolution;

/// <summary>A build context with the toolchain that it asks for.</summary>
/// <param name="Context">The context.</param>
/// <param name="Toolchain">Its toolchain.</param>
public sealed record ResolvedContext(BuildContext Context, Toolchain Toolchain)
{
    /// <summary>
    /// Names the native code that the context's program is compiled to: contexts with the same name share it. The architecture, the profile when it
    /// is not release, and a hash of what else steers the ahead-of-time compiler, when there is anything.
    /// </summary>
    public string ManagedKey
    {
        get
        {
            string[] rest =
            [
                .. Toolchain.IlcOptions,
                .. Context.IlcOptions,
                .. Context.Environment.Order(StringComparer.Ordinal),
            ];
            string special = $"{Toolchain.IlcOperatingSystem} {Toolchain.RuntimePackage}";
            bool usual =
                rest.Length == 0
                && special
                    == $"linux microsoft.netcore.app.runtime.nativeaot.linux-{Context.Architecture}";
            return Context.Architecture
                + (Context.Profile == "release" ? "" : "-" + Context.Profile)
                + (usual ? "" : "-" + Hash([special, .. rest]));
        }
    }

    /// <summary>Names the objects of the native layer for the context: contexts with the same name share them.</summary>
    /// <param name="nativeFolder">The native layer, see <see cref="Toolchain.NativeLayer"/>.</param>
    public string NativeKey(string nativeFolder) =>
        $"{Toolchain.Name}-{Toolchain.Architecture}-"
        + Hash([
            Toolchain.Compiler,
            Toolchain.Triple,
            nativeFolder,
            Context.Bindings,
            .. CompilerFlags,
            .. Context.Environment.Order(StringComparer.Ordinal),
        ]);

    /// <summary>Flags of every compilation of C: the toolchain's, the profile's, the context's.</summary>
    public IReadOnlyList<string> CompilerFlags =>
        [
            .. Toolchain.CompilerFlags,
            .. Context.Profile switch
            {
                "debug" => (string[])["-Og", "-fno-omit-frame-pointer"],
                "size" => ["-Os"],
                _ => [],
            },
            .. Context.CFlags,
        ];

    /// <summary>Flags of the link: the toolchain's and the context's.</summary>
    public IReadOnlyList<string> LinkerFlags => [.. Toolchain.LinkerFlags, .. Context.LinkFlags];

    /// <summary>Options of the ahead-of-time compiler that the toolchain, the profile and the context add to the usual ones.</summary>
    /// <param name="preference">What the project prefers (OptimizationPreference) for the profile release: Blended, Size or Speed.</param>
    public IReadOnlyList<string> IlcOptions(string preference) =>
        [
            .. (Context.Profile, preference) switch
            {
                // Lines and types for a debugger double the object; the names in stack traces and in the symbols are there without.
                ("debug", _) => (string[])["-g"],
                ("size", _) or (_, "Size") => ["-O", "--Os"],
                ("speed", _) or (_, "Speed") => ["-O", "--Ot"],
                _ => ["-O"],
            },
            .. Toolchain.IlcOptions,
            .. Context.IlcOptions,
        ];

    /// <summary>Whether the image in dist/ keeps its symbols and debug information.</summary>
    public bool KeepsSymbols => Context.Profile == "debug";

    private static string Hash(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[
            ..8
        ];
}
