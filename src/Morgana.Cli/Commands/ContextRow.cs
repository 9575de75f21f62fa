using System.Text.Json.Nodes;
using Morgana.Workspace;
using Morgana.Workspace.Contexts;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Cli.Commands;

/// <summary>What <c>morgana contexts</c> says of one context.</summary>
/// <param name="Context">The context.</param>
/// <param name="Toolchain">Its toolchain; null for one that has none, or whose toolchain is nowhere.</param>
/// <param name="Missing">What is missing to build it here.</param>
internal sealed record ContextRow(
    BuildContext Context,
    Toolchain? Toolchain,
    IReadOnlyList<MissingPart> Missing
)
{
    private const string Dotnet = ".NET";

    /// <summary>True when a build would build it, and can.</summary>
    public bool Usable => Context.Enabled && Missing.Count == 0;

    /// <summary>A cell for each column.</summary>
    public string[] Cells =>
        [
            Context.Name,
            Context.Host.Length > 0 ? Context.Host : "-",
            Context.MakesImage ? Context.Target : "host",
            Context.Architecture,
            Context.MakesImage ? Context.Toolchain : Dotnet,
            Toolchain?.Origin.ToString() ?? "-",
            Context.Profile,
            Context.MakesImage ? Context.Image : "-",
            !Context.Enabled ? $"disabled by EnabledIf=\"{Context.EnabledIf}\""
            : Missing.Count > 0 ? "no"
            : "yes",
        ];

    /// <summary>Looks at a context.</summary>
    public static ContextRow Of(
        BuildContext context,
        ToolchainSearch search,
        SdkLocation? sdk,
        ToolchainCheck check
    )
    {
        // .NET is there: this program runs on it.
        if (!context.MakesImage)
        {
            return new ContextRow(context, null, []);
        }

        if (sdk is null)
        {
            return new ContextRow(
                context,
                null,
                [new MissingPart("package Morgana.Sdk", "run morgana depends (or dotnet restore)")]
            );
        }

        try
        {
            Toolchain toolchain = search.Find(context);
            return new ContextRow(context, toolchain, check.Missing(toolchain));
        }
        catch (WorkspaceException exception)
        {
            return new ContextRow(
                context,
                null,
                [
                    .. exception.Mistakes.Select(m => new MissingPart(
                        $"toolchain '{context.Toolchain}' for {context.Architecture}",
                        m.ToString()
                    )),
                ]
            );
        }
    }

    /// <summary>The same for programs.</summary>
    public JsonObject ToJson(string folder)
    {
        JsonObject json = new()
        {
            ["context"] = Context.Name,
            ["host"] = Context.Host.Length > 0 ? Context.Host : null,
            ["target"] = Context.MakesImage ? Context.Target : null,
            ["architecture"] = Context.Architecture,
            ["toolchain"] = Context.MakesImage ? Context.Toolchain : null,
            ["toolchainFile"] = Toolchain?.File,
            ["toolchainFrom"] = Toolchain?.Origin.ToString(),
            ["profile"] = Context.Profile,
            ["image"] = Context.MakesImage ? $"dist/{Context.Image}" : null,
            ["ide"] = Context.Ide,
            ["enabled"] = Context.Enabled,
            ["enabledIf"] = Context.EnabledIf.Length > 0 ? Context.EnabledIf : null,
            ["usable"] = Usable,
            ["missing"] = new JsonArray([
                .. Missing.Select(part =>
                    (JsonNode)new JsonObject { ["name"] = part.Name, ["remedy"] = part.Remedy }
                ),
            ]),
        };
        if (Context.File.Length > 0)
        {
            json["file"] = Relative(Context.File, folder);
            json["line"] = Context.Line;
        }

        return json;
    }

    /// <summary>A path from the unikernel's folder, when it is in there.</summary>
    public static string Relative(string path, string folder)
    {
        string relative = Path.GetRelativePath(folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal)
            ? path
            : relative.Replace('\\', '/');
    }
}
