using Microsoft.Build.Framework;
using Morgana.Build.Plans;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk.Planning;

/// <summary>The actions that compile the program's IL, with all that it uses, to one native object: once for all contexts that ask for the same.</summary>
internal static class ManagedCode
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
        ("System.Globalization.PredefinedCulturesOnly", "false"),
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
        // An image has neither a time zone database nor a TZ variable: without the code that would look for them, its time is UTC too.
        ("System.TimeZoneInfo.Invariant", "true"),
        ("System.Linq.Expressions.CanEmitObjectArrayDelegate", "false"),
    ];

    /// <summary>Where a runtime pack has its assemblies.</summary>
    private static readonly string[] RuntimeFolders = ["lib/net10.0", "native"];

    /// <summary>The object for a context.</summary>
    public static string ObjectOf(PlanInputs inputs, ResolvedContext context) =>
        Path.Combine(inputs.WorkFolder, context.ManagedKey, "managed.o");

    public static IEnumerable<BuildAction> Actions(PlanInputs inputs) =>
        inputs
            .Workspace.Images.GroupBy(context => context.ManagedKey)
            .Select(group =>
                Action(inputs, group.First(), [.. group.Select(context => context.Context.Name)])
            );

    private static BuildAction Action(
        PlanInputs inputs,
        ResolvedContext context,
        IReadOnlyList<string> contexts
    )
    {
        Toolchain toolchain = context.Toolchain;
        string runtime = toolchain.RuntimeFolder(inputs.PackageRoot, inputs.RuntimeVersion);
        if (!File.Exists(inputs.NativeCompiler) || !Directory.Exists(runtime))
        {
            throw new SdkException(
                "MORGANA030",
                $"The ahead-of-time compiler {inputs.RuntimeVersion} or its runtime for {toolchain.Runtime} is not restored: run morgana depends (or dotnet restore)."
            );
        }

        string output = ObjectOf(inputs, context);
        string[] references =
        [
            .. inputs.References.OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal),
        ];
        string[] libraries =
        [
            .. RuntimeFolders
                .SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(runtime, folder), "*.dll")
                )
                .Order(StringComparer.Ordinal),
        ];
        // Debug information comes from the symbols beside the assemblies.
        string[] symbols =
        [
            .. references
                .Prepend(inputs.Assembly)
                .Select(path => Path.ChangeExtension(path, ".pdb"))
                .Where(File.Exists),
        ];
        string response = Path.ChangeExtension(output, ".rsp");
        return new BuildAction
        {
            Id = "ilc:" + context.ManagedKey,
            Kind = ActionKind.Managed,
            Contexts = contexts,
            Program = inputs.NativeCompiler,
            Arguments = ["@" + response],
            ResponseFile = response,
            ResponseLines = [.. Lines(inputs, context, output, references, libraries)],
            Environment = context.Context.Environment,
            Inputs = [inputs.Assembly, .. references, .. symbols, .. libraries],
            Outputs = [output],
            ErrorCode = "MORGANA031",
        };
    }

    private static List<string> Lines(
        PlanInputs inputs,
        ResolvedContext context,
        string output,
        string[] references,
        string[] libraries
    )
    {
        Toolchain toolchain = context.Toolchain;
        List<string> lines =
        [
            inputs.Assembly,
            "-o:" + output,
            .. references.Select(reference => "-r:" + reference),
            .. libraries.Select(reference => "-r:" + reference),
            "--targetos:" + toolchain.IlcOperatingSystem,
            "--targetarch:" + toolchain.Architecture,
            "--dehydrate",
            "--initassembly:System.Private.CoreLib",
            "--initassembly:System.Private.StackTraceMetadata",
            "--initassembly:System.Private.TypeLoader",
            "--initassembly:System.Private.Reflection.Execution",
            "--directpinvoke:morgana_native",
            "--directpinvoke:System.Native",
            "--directpinvoke:System.IO.Compression.Native",
            "--directpinvoke:System.Security.Cryptography.Native.OpenSsl",
            .. ForeignStubs.LibraryNames(inputs).Select(name => "--directpinvoke:" + name),
            "--stacktracedata",
            "--scanreflection",
            "--methodbodyfolding:generic",
            "--resilient",
            "--generateunmanagedentrypoints:System.Private.CoreLib,HIDDEN",
            "--singlewarn",
            .. context.IlcOptions(inputs.Optimization),
            .. inputs.RootAssemblies.Select(root => "--root:" + root),
        ];
        SortedDictionary<string, string> options = new(StringComparer.Ordinal);
        foreach (ITaskItem option in inputs.RuntimeOptions)
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

        return lines;
    }
}
