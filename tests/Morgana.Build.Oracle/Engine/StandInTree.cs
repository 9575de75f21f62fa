using System.Security.Cryptography;
using System.Text;
using Morgana.Build.Caching;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Observation;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;

namespace Morgana.Build.Oracle.Engine;

/// <summary>
/// A tree with a small language of projects, an evaluation that reads them as MSBuild reads its own, and compilers that write a digest of all that they read. What is built from it is
/// what Morgana's own code for observing, planning and caching makes of it.
/// </summary>
internal sealed class StandInTree : EditedTree
{
    private readonly string root = Directory.CreateTempSubdirectory("morgana-oracle-").FullName;
    private readonly ActionCache cache;
    private int clean;

    public StandInTree()
    {
        cache = new ActionCache(Path.Combine(root, "cache"), 1 << 30);
        _ = Directory.CreateDirectory(Path.Combine(Root, ".git"));
        Environment.SetEnvironmentVariable(Variable, null);
        Write(
            "app/app.proj",
            """
            import ../common.props
            import ../absent.props
            glob src
            lib ../lib
            read ../VERSION
            env ORACLE_VARIABLE
            gen ../template.txt
            resources ../shared
            c native/x.c
            step ../data
            """
        );
        Write("common.props", "import deep.props\nset common");
        Write("deep.props", "set deep");
        Write("VERSION", "1");
        Write("template.txt", "template");
        Write("app/config.cs", "config");
        Write("app/src/a.src", "a");
        Write("app/src/sub/d.src", "d");
        Write("lib/l.src", "l");
        Write("shared/r1", "r1");
        Write("data/p", "p");
        Write("app/native/x.c", "x\n#include h1.h\n#include h2.h");
        Write("app/inc2/h1.h", "h1");
        Write("app/inc2/h2.h", "h2\n#include h3.h");
        Write("app/inc2/h3.h", "h3");
        foreach (string tool in (string[])["csc", "cc", "ilc", "ld", "step"])
        {
            Write("tools/" + tool, tool);
        }
    }

    public override string Root => Path.Combine(root, "tree");

    public override string Variable => "ORACLE_VARIABLE";

    public override string Loop => "app/src/loop";

    public override IReadOnlyList<string> Made { get; } = ["app/dist", "app/obj", "app/made"];

    public override IReadOnlyList<string> Pool { get; } =
    [
        "app/src/a.src",
        "app/src/b.src",
        "app/src/sub/d.src",
        "app/src/bin/e.src",
        "app/src/obj/f.src",
        "app/src/dist/g.src",
        "lib/l.src",
        "lib/m.src",
        "lib/artifacts/n.src",
        "lib/node_modules/o.src",
        "lib/notes.txt",
        "shared/r1",
        "shared/r2",
        "shared/x~",
        "shared/.well-known/w",
        "shared/dist/z",
        "VERSION",
        "common.props",
        "deep.props",
        "absent.props",
        "template.txt",
        "data/p",
        "data/q",
        "app/inc1/h1.h",
        "app/inc1/h2.h",
        "app/inc1/h3.h",
        "app/inc2/h1.h",
        "app/inc2/h2.h",
        "app/native/h3.h",
        "app/native/x.c",
        "tools/csc",
        "tools/cc",
        "tools/step",
        "app/config.cs",
    ];

    public override IReadOnlyList<string> Folders { get; } =
    [
        "app/src/sub",
        "app/src/bin",
        "lib/artifacts",
        "shared/dist",
        "shared/.well-known",
        "app/inc1",
        "app/inc2",
        "data",
    ];

    public int Evaluations { get; private set; }

    private string App => Path.Combine(Root, "app");

    public override void Dispose() => Directory.Delete(root, recursive: true);

    public override string Content(string path, string text, bool broken) =>
        path switch
        {
            "common.props" => $"import deep.props\nset {text}",
            "deep.props" or "absent.props" => $"set {text}",
            "app/native/x.c" => $"{text}\n#include h1.h\n#include h2.h",
            _ when path.EndsWith("h2.h", StringComparison.Ordinal) => $"{text}\n#include h3.h",
            _ => text,
        };

    /// <summary>Builds as the tool does, and answers the image; null when it does not build.</summary>
    public override async Task<string?> BuildAsync()
    {
        string state = Path.Combine(App, "obj", "morgana");
        string dist = Path.Combine(App, "dist");
        _ = Directory.CreateDirectory(state);
        string image = Path.Combine(dist, "app.img");
        if (
            BuildNote.Find(state, App, "oracle") is { Images.Count: > 0 } note
            && ProgramEnvironment.Differences(note.Variables).Count == 0
            && note.Snapshot.Changes().Count == 0
        )
        {
            return await File.ReadAllTextAsync(image);
        }

        BuildPlace place = new(App, state, dist, "oracle", [this["app/config.cs"]]);
        ObservedBuild build = new(
            place,
            _ =>
            {
                Evaluations++;
                return Mortal(EvaluateAsync(state, dist, cache, Interfere));
            },
            (plan, hashes) => Mortal(ExecuteAsync(plan, hashes, cache, Interfere)),
            all: true
        );
        try
        {
            (_, BuildResult result) = await build.RunAsync();
            return result.Succeeded ? await File.ReadAllTextAsync(image) : null;
        }
        catch (DoesNotBuildException)
        {
            return null;
        }

        // Nothing in the build may take a kill for a failure and go on.
        async Task<T> Mortal<T>(Task<T> part)
        {
            try
            {
                return await part;
            }
            catch (KilledException e)
            {
                throw new OperationCanceledException("killed", e);
            }
        }
    }

    /// <summary>Builds the same tree with nothing from before.</summary>
    public override async Task<string?> BuildCleanAsync()
    {
        string folder = Path.Combine(root, $"clean{clean++}");
        string dist = Path.Combine(folder, "dist");
        try
        {
            BuildPlan plan = await EvaluateAsync(folder, dist, null, () => { });
            BuildResult result = await ExecuteAsync(plan, new FileHashes(folder), null, () => { });
            Failure = string.Join('\n', result.Failures.Select(report => report.FailureText));
            return result.Succeeded
                ? await File.ReadAllTextAsync(Path.Combine(dist, "app.img"))
                : null;
        }
        catch (DoesNotBuildException e)
        {
            Failure = e.Message;
            return null;
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<BuildResult> ExecuteAsync(
        BuildPlan plan,
        FileHashes hashes,
        ActionCache? cache,
        Action interfere
    )
    {
        using BuildEngine engine = new(
            plan,
            new BuildOptions
            {
                Cache = cache,
                Parallelism = 1,
                Runner = (action, _) => Task.FromResult(StandInCompiler.Run(action, interfere)),
            },
            new Silence(),
            hashes
        );
        try
        {
            return await engine.RunAsync(CancellationToken.None);
        }
        catch (BuildException e) when (e.Code != "MORGANA006")
        {
            throw new DoesNotBuildException(e.Message);
        }
    }

    private async Task<BuildPlan> EvaluateAsync(
        string state,
        string dist,
        ActionCache? cache,
        Action interfere
    )
    {
        string outputs = Path.Combine(state, "msbuild");
        if (Directory.Exists(outputs))
        {
            Directory.Delete(outputs, recursive: true);
        }

        _ = Directory.CreateDirectory(outputs);
        List<string> imports = [];
        List<string> define = [];
        List<string> sources = [];
        List<string> resources = [];
        List<string> references = [];
        List<BuildAction> compilers = [];
        List<BuildAction> actions = [];
        List<string> objects = [];
        HashSet<string> folders = new(StringComparer.Ordinal);
        await Project(this["app/app.proj"]);
        interfere();
        BuildAction app = Compiler("app", sources, resources, references, define, outputs);
        await CompileAsync(app);
        string il = Path.Combine(outputs, "app.dll");
        string native = Path.Combine(state, "work", "app.o");
        actions.Add(Action("ilc", ActionKind.Managed, "ilc", [il, .. references], [native]));
        string linked = Path.Combine(state, "work", "app.linked");
        actions.Add(Action("link", ActionKind.Link, "ld", [native, .. objects], [linked]));
        actions.Add(
            new BuildAction
            {
                Id = "promote",
                Kind = ActionKind.Copy,
                Contexts = ["one"],
                Inputs = [linked],
                Outputs = [Path.Combine(dist, "app.img")],
            }
        );
        BuildPlan plan = new()
        {
            Name = "app",
            ProjectFolder = App,
            StateFolder = state,
            Roots = new Dictionary<string, string> { [Root] = "<tree>", [state] = "<state>" },
            Actions = actions,
            Images = [new PlannedImage("one", Path.Combine(dist, "app.img"), linked)],
            Files = imports,
            Folders = [.. folders],
        };
        plan = PlanCompletion.Complete(plan, compilers, outputs, false, new FileHashes(state));
        plan.Write();
        return plan;

        async Task Project(string file)
        {
            imports.Add(file);
            if (!IsThere(file))
            {
                return;
            }

            interfere();
            string folder = Path.GetDirectoryName(file)!;
            foreach (string line in Read(file).Split('\n'))
            {
                string[] words = line.Trim().Split(' ', 2);
                string path = words.Length > 1 ? Path.GetFullPath(words[1], folder) : "";
                switch (words[0])
                {
                    case "import":
                        await Project(path);
                        break;
                    case "set":
                        define.Add(words[1]);
                        break;
                    case "read":
                        define.Add(IsThere(path) ? Read(path) : "nothing");
                        break;
                    case "env":
                        define.Add(Environment.GetEnvironmentVariable(words[1]) ?? "unset");
                        break;
                    case "glob":
                        sources.AddRange(
                            Files(path).Where(f => f.EndsWith(".src", StringComparison.Ordinal))
                        );
                        break;
                    case "resources":
                        _ = folders.Add(path);
                        resources.AddRange(Files(path));
                        break;
                    case "gen":
                        string generated = Path.Combine(outputs, "gen.src");
                        await File.WriteAllTextAsync(generated, "generated " + Read(path));
                        sources.Add(generated);
                        break;
                    case "lib":
                        _ = folders.Add(path);
                        BuildAction lib = Compiler(
                            "lib",
                            Files(path).Where(f => f.EndsWith(".src", StringComparison.Ordinal)),
                            [],
                            [],
                            define,
                            outputs
                        );
                        await CompileAsync(lib);
                        string copy = Path.Combine(outputs, "ref", "lib.dll");
                        _ = Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                        File.Copy(Path.Combine(outputs, "lib.dll"), copy, overwrite: true);
                        references.Add(copy);
                        break;
                    case "c":
                        string compiled = Path.Combine(state, "work", "c.o");
                        objects.Add(compiled);
                        actions.Add(
                            Action("cc", ActionKind.Native, "cc", [path], [compiled]) with
                            {
                                Arguments = ["-I" + this["app/inc1"], "-I" + this["app/inc2"]],
                                DependencyFile = Path.Combine(state, "work", "c.d"),
                                Direct = [path],
                            }
                        );
                        break;
                    case "step":
                        string made = this["app/made/step.src"];
                        string[] read = [.. Files(path)];
                        BuildAction step = Action(
                            "step",
                            ActionKind.Program,
                            "step",
                            read,
                            [made]
                        ) with
                        {
                            Direct = read,
                        };
                        actions.Add(step);
                        await CompileAsync(step);
                        sources.Add(made);
                        break;
                }
            }
        }

        async Task CompileAsync(BuildAction action)
        {
            BuildPlan one = new()
            {
                Name = action.Id,
                ProjectFolder = App,
                StateFolder = state,
                Roots = new Dictionary<string, string> { [Root] = "<tree>", [state] = "<state>" },
                Actions = [action],
                Images = [],
            };
            BuildResult result = await ExecuteAsync(one, new FileHashes(state), cache, interfere);
            if (!result.Succeeded)
            {
                throw new DoesNotBuildException(
                    string.Join('\n', result.Failures.Select(report => report.FailureText))
                );
            }

            if (action.Kind == ActionKind.CSharp)
            {
                compilers.Add(action);
            }
        }

        BuildAction Compiler(
            string name,
            IEnumerable<string> read,
            IEnumerable<string> embedded,
            IReadOnlyList<string> refers,
            List<string> defines,
            string folder
        )
        {
            string[] own = [.. read, .. embedded];
            return Action(
                "csc:" + name,
                ActionKind.CSharp,
                "csc",
                [.. own, .. refers],
                [Path.Combine(folder, name + ".dll")]
            ) with
            {
                Arguments = [.. defines],
                Direct = own,
                Contexts = [],
            };
        }

        BuildAction Action(
            string id,
            ActionKind kind,
            string tool,
            IReadOnlyList<string> read,
            IReadOnlyList<string> written
        ) =>
            new()
            {
                Id = id,
                Kind = kind,
                Contexts = ["one"],
                Program = this["tools/" + tool],
                Inputs = [.. read.Distinct(StringComparer.Ordinal)],
                Outputs = written,
            };
    }

    /// <summary>File.Exists says so of a link that leads nowhere, too.</summary>
    public static bool IsThere(string path) => FileStamp.Of(path) is not null;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException e)
        {
            throw new DoesNotBuildException(e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DoesNotBuildException(e.Message);
        }
    }

    /// <summary>All files in a folder and below; links to folders are not entered.</summary>
    private static List<string> Files(string folder)
    {
        List<string> files = [];
        try
        {
            if (Directory.Exists(folder))
            {
                files.AddRange(Directory.GetFiles(folder).Where(IsThere));
                foreach (string below in Directory.GetDirectories(folder))
                {
                    if (new DirectoryInfo(below).LinkTarget is null)
                    {
                        files.AddRange(Files(below));
                    }
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // It went away meanwhile.
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private sealed class Silence : IBuildReporter
    {
        public void Starting(BuildAction action) { }

        public void Done(ActionReport report) { }
    }
}

/// <summary>The tree does not build, as it is: a clean build says the same.</summary>
internal sealed class DoesNotBuildException(string message) : Exception(message);

/// <summary>A compiler that writes a digest of all that it reads.</summary>
internal static class StandInCompiler
{
    public static (int ExitCode, string Output) Run(BuildAction action, Action interfere)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        interfere();
        try
        {
            Append(File.ReadAllText(action.Program));
            if (action.Kind == ActionKind.Native)
            {
                SortedSet<string> read = new(StringComparer.Ordinal);
                Include(action.Inputs[0], action, read, hash, interfere, 0);
                interfere();
                File.WriteAllText(
                    action.DependencyFile,
                    "out: " + string.Join(' ', read.Prepend(action.Inputs[0])) + "\n"
                );
            }
            else
            {
                action.Arguments.ToList().ForEach(Append);
                foreach (string input in action.Inputs)
                {
                    Append(Path.GetFileName(input));
                    Append(File.ReadAllText(input));
                    if (hash.GetCurrentHash()[0] % 4 == 0)
                    {
                        interfere();
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (1, e.Message);
        }

        string digest = Convert.ToHexStringLower(hash.GetHashAndReset());
        foreach (string output in action.Outputs)
        {
            File.WriteAllText(output, digest[..8]);
            interfere();
            File.WriteAllText(output, digest);
        }

        interfere();
        return (0, "");

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
    }

    private static void Include(
        string file,
        BuildAction action,
        SortedSet<string> read,
        IncrementalHash hash,
        Action interfere,
        int depth
    )
    {
        string text = File.ReadAllText(file);
        hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        if (depth == 0 || !read.Add(file))
        {
            if (depth > 0)
            {
                return;
            }
        }

        interfere();
        foreach (string line in text.Split('\n'))
        {
            if (!line.StartsWith("#include ", StringComparison.Ordinal))
            {
                continue;
            }

            string name = line["#include ".Length..].Trim();
            string found =
                action
                    .Arguments.Select(argument => argument[2..])
                    .Prepend(Path.GetDirectoryName(file)!)
                    .Select(folder => Path.Combine(folder, name))
                    .FirstOrDefault(StandInTree.IsThere)
                ?? throw new IOException($"{name} is not there");
            Include(found, action, read, hash, interfere, depth + 1);
        }
    }
}
