using Microsoft.Build.Framework;
using Morgana.Workspace;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk;

/// <summary>Compiles the program's IL, with all that it uses, to one native object: once for all contexts that ask for the same.</summary>
public sealed class CompileManaged : WorkspaceTask
{
    /// <summary>
    /// Switches of libraries that an image decides once and for all: those that .NET sets for ahead-of-time
    /// compilation, and Morgana's own.
    /// </summary>
    private static readonly (string Name, string Value)[] Switches =
    [
        ("Morgana.Runtime.IsUnikernel", "true"),
        ("Microsoft.Extensions.DependencyInjection.VerifyOpenGenericServiceTrimmability", "true"),
        ("System.ComponentModel.DefaultValueAttribute.IsSupported", "false"),
        ("System.ComponentModel.TypeDescriptor.IsComObjectDescriptorSupported", "false"),
        ("System.Diagnostics.Debugger.IsSupported", "false"),
        ("System.Diagnostics.Tracing.EventSource.IsSupported", "false"),
        ("System.Globalization.Invariant", "true"),
        ("System.Globalization.PredefinedCulturesOnly", "true"),
        ("System.Linq.Enumerable.IsSizeOptimized", "true"),
        ("System.Net.SocketsHttpHandler.Http3Support", "false"),
        ("System.Reflection.Metadata.MetadataUpdater.IsSupported", "false"),
        ("System.Resources.ResourceManager.AllowCustomResourceTypes", "false"),
        ("System.Resources.UseSystemResourceKeys", "false"),
        ("System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported", "false"),
        ("System.Runtime.InteropServices.BuiltInComInterop.IsSupported", "false"),
        ("System.Runtime.Serialization.EnableUnsafeBinaryFormatterSerialization", "false"),
        ("System.StartupHookProvider.IsSupported", "false"),
        ("System.Text.Encoding.EnableUnsafeUTF7Encoding", "false"),
        ("System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault", "false"),
        ("System.Threading.Thread.EnableAutoreleasePool", "false"),
        ("System.Linq.Expressions.CanEmitObjectArrayDelegate", "false"),
    ];

    /// <summary>Where a runtime pack has its assemblies.</summary>
    private static readonly string[] RuntimeFolders = ["lib/net10.0", "native"];

    /// <summary>The ahead-of-time compiler, ilc.</summary>
    [Required]
    public string Compiler { get; set; } = "";

    /// <summary>NuGet's package folder.</summary>
    [Required]
    public string PackageRoot { get; set; } = "";

    /// <summary>The version of the runtime pack.</summary>
    [Required]
    public string RuntimeVersion { get; set; } = "";

    /// <summary>The program.</summary>
    [Required]
    public string Assembly { get; set; } = "";

    /// <summary>The libraries that it uses, .NET's own apart.</summary>
    public string[] References { get; set; } = [];

    /// <summary>Assemblies to keep whole.</summary>
    public string[] RootAssemblies { get; set; } = [];

    /// <summary>Runtime options of the project (RuntimeHostConfigurationOption).</summary>
    public ITaskItem[] RuntimeOptions { get; set; } = [];

    /// <summary>Blended, Size or Speed.</summary>
    public string Optimization { get; set; } = "Blended";

    /// <summary>Where the object goes.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>The object for a context.</summary>
    internal static string ObjectPath(string outputFolder, ResolvedContext context) =>
        Path.Combine(outputFolder, context.ManagedKey, "managed.o");

    /// <inheritdoc/>
    protected override void Work(DeclaredWorkspace workspace)
    {
        foreach (ResolvedContext context in Resolve(workspace).Images.DistinctBy(c => c.ManagedKey))
        {
            Compile(context);
        }
    }

    private void Compile(ResolvedContext context)
    {
        Toolchain toolchain = context.Toolchain;
        string runtime = toolchain.RuntimeFolder(PackageRoot, RuntimeVersion);
        if (!File.Exists(Compiler) || !Directory.Exists(runtime))
        {
            throw new SdkException(
                "MORGANA030",
                $"The ahead-of-time compiler {RuntimeVersion} or its runtime for {toolchain.Runtime} is not restored: run morgana depends (or dotnet restore)."
            );
        }

        string output = ObjectPath(OutputFolder, context);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        List<string> lines = [Assembly, "-o:" + output];
        lines.AddRange(References.Select(reference => "-r:" + reference));
        lines.AddRange(
            RuntimeFolders
                .SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(runtime, folder), "*.dll")
                )
                .Order(StringComparer.Ordinal)
                .Select(reference => "-r:" + reference)
        );
        lines.AddRange([
            "--targetos:" + toolchain.IlcOperatingSystem,
            "--targetarch:" + toolchain.Architecture,
            "--dehydrate",
            "-g",
            "--initassembly:System.Private.CoreLib",
            "--initassembly:System.Private.StackTraceMetadata",
            "--initassembly:System.Private.TypeLoader",
            "--initassembly:System.Private.Reflection.Execution",
            "--directpinvoke:morgana_native",
            "--directpinvoke:System.Native",
            "--directpinvoke:System.IO.Compression.Native",
            "--directpinvoke:System.Security.Cryptography.Native.OpenSsl",
            "--stacktracedata",
            "--scanreflection",
            "--methodbodyfolding:generic",
            "--resilient",
            "--generateunmanagedentrypoints:System.Private.CoreLib,HIDDEN",
            "--singlewarn",
        ]);
        lines.AddRange(context.IlcOptions(Optimization));
        foreach (string root in RootAssemblies)
        {
            lines.Add("--root:" + root);
        }

        SortedDictionary<string, string> options = new(StringComparer.Ordinal);
        foreach (ITaskItem option in RuntimeOptions)
        {
            options[option.ItemSpec] = option.GetMetadata("Value");
        }

        foreach ((string name, string value) in Switches)
        {
            options[name] = value;
        }

        foreach ((string name, string value) in options)
        {
            // What is not a truth value steers no code away, it is only there to be read.
            if (bool.TryParse(value, out _))
            {
                lines.Add($"--feature:{name}={value}");
            }

            lines.Add($"--runtimeknob:{name}={value}");
        }

        string stamp = Stamp.Compute(
            [Assembly, .. References],
            [.. lines, .. context.Context.Environment]
        );
        if (Stamp.IsCurrent(output, stamp))
        {
            return;
        }

        Stamp.Forget(output);
        string response = Path.ChangeExtension(output, ".rsp");
        File.WriteAllLines(response, lines);
        Log.LogMessage(
            MessageImportance.High,
            "  compiling native code for {0}",
            context.ManagedKey
        );
        string printed = Run(
            Compiler,
            ["@" + response],
            "MORGANA031",
            "",
            context.Context.Environment
        );
        if (printed.Length > 0)
        {
            Log.LogMessage(MessageImportance.High, "{0}", printed);
        }

        Stamp.Write(output, stamp);
    }
}
