using System.IO.Compression;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Hardware;

/// <summary>
/// Debian's gdb on images of hvt: attached while they run on the rig's KVM, and with the core files of those that crashed. gdb runs on this
/// machine, as a user's does; the tender waits at the address of the rig's Linux, to which a port leads.
/// </summary>
public sealed class DebuggingTests(SharedRigs rigs)
{
    private const string Unikernel = "debugging_Debugging_DebuggingUnikernel__";
    private const string DebuggerPort = "--gdb --gdb-port=10.0.0.100:1234";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(RigArchitecture.X64)]
    [InlineData(RigArchitecture.Arm64)]
    public async Task Gdb_stops_at_a_method_by_its_name_walks_steps_and_lets_the_guest_end(
        RigArchitecture architecture
    )
    {
        DebuggedImage image = new(architecture);
        await using Session session = await StartAsync(architecture, image.Unoptimised, "walk");
        string output = await session.GdbAsync(
            image.Unoptimised,
            $"break {Unikernel}Inner",
            "continue",
            "backtrace",
            "next",
            "next",
            "print squared",
            "list",
            "finish",
            "stepi",
            "x/2x 0", // nothing is mapped there
            "delete",
            "continue"
        );
        Contains(output, $"Unikernel.cs:{DebuggedImage.Line("squares") - 1}");
        Contains(
            output,
            $"{Unikernel}Outer (number=2) at {DebuggedImage.Source}:{DebuggedImage.Line("calls Inner")}"
        );
        Contains(
            output,
            $"{Unikernel}RunAsync (this=...) at {DebuggedImage.Source}:{DebuggedImage.Line("calls Outer")}"
        );
        Contains(output, "debugging_Morgana_Generated_Program__Main (args=...)");
        Contains(output, "thread_main () at ./native/threads/scheduler.c:");
        Contains(
            output,
            $"{DebuggedImage.Line("squares")}\t        int squared = number * number;"
        );
        Contains(output, $"{DebuggedImage.Line("adds")}\t        int result = squared + 3;");
        Contains(output, "$1 = 16");
        Contains(output, "Value returned is $2 = 19");
        Contains(output, "Cannot access memory at address 0x0");
        Contains(output, "exited normally");
        RigResult result = await session.Job.WaitAsync();
        Assert.Equal((0, "case walk\nsum 20\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData(RigArchitecture.X64, "spin")]
    [InlineData(RigArchitecture.Arm64, "spin")]
    [InlineData(RigArchitecture.X64, "sleep")]
    [InlineData(RigArchitecture.Arm64, "sleep")]
    public async Task Ctrl_C_stops_a_guest_that_computes_and_one_that_waits(
        RigArchitecture architecture,
        string which
    )
    {
        await using Session session = await StartAsync(
            architecture,
            new DebuggedImage(architecture).Optimised,
            which
        );
        await using DebuggerClient debugger = new();
        await debugger.ConnectAsync(session.Port);
        Assert.Equal("T05thread:1;", await debugger.AskAsync("?"));
        for (int i = 0; i < 3; i++)
        {
            await debugger.SendAsync("vCont;c");
            _ = await session.Job.OutputLineAsync($"case {which}");
            await debugger.InterruptAsync();
            Assert.Equal("T02thread:1;", await debugger.ReceiveAsync());
        }

        // It can be read and stepped through where it stopped.
        Assert.DoesNotContain("E", await debugger.AskAsync("g"), StringComparison.Ordinal);
        Assert.Equal("T05thread:1;", await debugger.AskAsync("vCont;s"));
        await debugger.SendAsync("k");
        RigResult result = await session.Job.WaitAsync();
        Assert.Equal(1, result.ExitCode);
        Contains(result.Error, "the guest was ended by the debugger");
    }

    [Fact]
    public async Task A_debugger_that_goes_away_leaves_the_guest_running_without_its_breakpoints()
    {
        await using Session session = await StartAsync(
            RigArchitecture.X64,
            new DebuggedImage(RigArchitecture.X64).Unoptimised,
            "walk"
        );
        await using (DebuggerClient debugger = new())
        {
            await debugger.ConnectAsync(session.Port);
            Assert.Equal("OK", await debugger.AskAsync($"Z0,{await AddressAsync():x},1"));
        }

        RigResult result = await session.Job.WaitAsync();
        Assert.Equal((0, "case walk\nsum 20\n"), (result.ExitCode, result.Output));
        Contains(result.Error, "the debugger is gone; the guest goes on without it");

        static async Task<ulong> AddressAsync()
        {
            ProcessResult gdb = await GdbAsync(
                new DebuggedImage(RigArchitecture.X64).Unoptimised,
                $"print/x (unsigned long)&{Unikernel}Inner"
            );
            return Convert.ToUInt64(
                gdb.Output[(gdb.Output.IndexOf("0x", StringComparison.Ordinal) + 2)..].Trim(),
                16
            );
        }
    }

    [Theory]
    [InlineData(RigArchitecture.X64)]
    [InlineData(RigArchitecture.Arm64)]
    public async Task Gdb_sees_a_guest_that_ends_itself_before_it_is_gone(
        RigArchitecture architecture
    )
    {
        DebuggedImage image = new(architecture);
        await using Session session = await StartAsync(architecture, image.Optimised, "fail");
        string output = await session.GdbAsync(
            await image.SymbolsAsync(),
            "continue",
            "backtrace",
            "continue"
        );
        Contains(output, "Program received signal SIGABRT");
        Contains(
            output,
            $"{Unikernel}RunAsync (this=...) at {DebuggedImage.Source}:{DebuggedImage.Line("fails")}"
        );
        Contains(output, "exited with code 0377");
        Assert.Equal(255, (await session.Job.WaitAsync()).ExitCode);
    }

    [Theory]
    [InlineData(RigArchitecture.X64)]
    [InlineData(RigArchitecture.Arm64)]
    public async Task Gdb_stops_at_a_fault_before_it_becomes_an_exception(
        RigArchitecture architecture
    )
    {
        DebuggedImage image = new(architecture);
        await using Session session = await StartAsync(architecture, image.Unoptimised, "null");
        string output = await session.GdbAsync(
            image.Unoptimised,
            "break machine_trap_handle",
            "continue",
            "backtrace",
            "kill"
        );
        Contains(output, "Breakpoint 1, machine_trap_handle (");
        Contains(
            output,
            $"{Unikernel}Length (text=...) at {DebuggedImage.Source}:{DebuggedImage.Line("reads null")}"
        );
        Assert.Equal(1, (await session.Job.WaitAsync()).ExitCode);
    }

    // QEMU's emulated SVM loses the debug registers.
    [Fact]
    public async Task The_processors_own_breakpoints_and_watchpoints_stop_an_arm64_guest()
    {
        DebuggedImage image = new(RigArchitecture.Arm64);
        await using Session session = await StartAsync(
            RigArchitecture.Arm64,
            image.Unoptimised,
            "null"
        );
        string output = await session.GdbAsync(
            image.Unoptimised,
            $"hbreak {Unikernel}Length",
            "continue",
            "watch last.magic",
            "continue",
            "kill"
        );
        Contains(output, $"Breakpoint 1, {Unikernel}Length (text=...)");
        Contains(
            output,
            "Hardware watchpoint 2: last.magic\n\nOld value = 0\nNew value = 1346458189"
        );
        Assert.Equal(1, (await session.Job.WaitAsync()).ExitCode);
    }

    [Theory]
    [InlineData(RigArchitecture.X64)]
    [InlineData(RigArchitecture.Arm64)]
    public async Task A_core_of_an_uncaught_exception_shows_the_line_that_threw(
        RigArchitecture architecture
    )
    {
        string output = await CrashAsync(architecture, "throw", "backtrace");
        Contains(output, "Program terminated with signal SIGABRT");
        Contains(
            output,
            $"{Unikernel}Throw (text=...) at {DebuggedImage.Source}:{DebuggedImage.Line("throws")}"
        );
        Contains(output, "S_P_CoreLib_System_Threading_Thread__StartThread");
        Contains(output, "thread_main () at ./native/threads/scheduler.c:");
    }

    [Theory]
    [InlineData(RigArchitecture.X64, "rip")]
    [InlineData(RigArchitecture.Arm64, "pc")]
    public async Task A_core_of_a_null_reference_knows_the_line_that_read_it(
        RigArchitecture architecture,
        string register
    )
    {
        // .NET's own assembly does not describe its frame well enough for gdb; the last trap is kept by the bindings.
        string output = await CrashAsync(architecture, "null", $"info line *last.{register}");
        Contains(output, $"Line {DebuggedImage.Line("reads null")} of \"{DebuggedImage.Source}\"");
    }

    [Theory]
    [InlineData(RigArchitecture.X64)]
    [InlineData(RigArchitecture.Arm64)]
    public async Task A_core_of_a_trap_begins_where_it_trapped(RigArchitecture architecture)
    {
        string output = await CrashAsync(architecture, "overflow", "backtrace 3", "backtrace -3");
        Contains(output, "Program terminated with signal SIGSEGV");
        Contains(output, $"#1  ");
        Contains(output, $"{Unikernel}Overflow (number=");
        Contains(output, $"{DebuggedImage.Source}:{DebuggedImage.Line("overflows")}");
        Contains(output, "thread_main () at ./native/threads/scheduler.c:");
    }

    /// <summary>Lets the image crash, and asks gdb about the core file that it left.</summary>
    private async Task<string> CrashAsync(
        RigArchitecture architecture,
        string which,
        params string[] commands
    )
    {
        DebuggedImage image = new(architecture);
        Rig.Rig rig = await rigs.GetAsync(architecture);
        RigResult result = await rig.RunAsync(
            image.Files(image.Optimised),
            $"mkdir cores; ./morgana-hvt --mem=32 --dumpcore=cores image.hvt --case {which} >&2; echo code $? >&2; ls cores >&2; gzip -c cores/*",
            Patience
        );
        Contains(result.Error, "code 255\ncore.image.hvt.");
        Contains(result.Error, "morgana-hvt: the guest's core file is cores/core.image.hvt.");
        DirectoryInfo folder = TemporaryFolder.Create("core");
        string core = Path.Combine(folder.FullName, "core");
        await using (FileStream file = File.Create(core))
        await using (
            GZipStream content = new(
                new MemoryStream(result.OutputBytes.ToArray()),
                CompressionMode.Decompress
            )
        )
        {
            await content.CopyToAsync(file);
        }

        ProcessResult gdb = await GdbAsync(
            await image.SymbolsAsync(),
            [$"core-file {core}", .. commands]
        );
        folder.Delete(recursive: true);
        return gdb.Output + gdb.Errors;
    }

    private async Task<Session> StartAsync(RigArchitecture architecture, string image, string which)
    {
        Rig.Rig rig = await rigs.GetAsync(architecture);
        int port = await rig.ForwardAsync(
            new RigForward(RigProtocol.Tcp, 0, 1234, RigForward.Linux)
        );
        RigJob job = await rig.StartJobAsync(
            new DebuggedImage(architecture).Files(image),
            $"exec ./morgana-hvt --mem=32 {DebuggerPort} image.hvt --case {which}"
        );
        Session session = new(rig, job, port);
        _ = await job.ErrorLineAsync("Waiting for a debugger", Patience);
        return session;
    }

    private static Task<ProcessResult> GdbAsync(string file, params string[] commands) =>
        RunningProcess.RunAsync(
            Tool.Gdb,
            [
                "-q",
                "-nx",
                "-batch",
                "-ex",
                "set confirm off",
                "-ex",
                "set width 0",
                "-ex",
                "set remotetimeout 60",
                // Sources are found in the checkout, wherever it is.
                "-ex",
                $"set substitute-path /_/ {Repository.Root}/",
                .. commands.SelectMany(command => (string[])["-ex", command]),
                file,
            ],
            Patience
        );

    private static void Contains(string text, string expected) =>
        Assert.Contains(expected, text, StringComparison.Ordinal);

    /// <summary>A guest that waits for a debugger, and the port that leads to it.</summary>
    private sealed class Session(Rig.Rig rig, RigJob job, int port) : IAsyncDisposable
    {
        public RigJob Job => job;

        public int Port => port;

        public async Task<string> GdbAsync(string file, params string[] commands)
        {
            ProcessResult gdb = await DebuggingTests.GdbAsync(
                file,
                [$"target remote 127.0.0.1:{port}", .. commands]
            );
            // A connection that closes before the guest's end was seen once on a loaded machine: then the tender's words tell why.
            string text = gdb.Output + gdb.Errors;
            return text.Contains("Remote connection closed", StringComparison.Ordinal)
                ? $"{text}morgana-hvt has {(job.HasEnded ? "ended" : "not ended")} and said: {job.Error}"
                : text;
        }

        public async ValueTask DisposeAsync()
        {
            await job.DisposeAsync();
            await rig.StopForwardingAsync(RigProtocol.Tcp, port);
        }
    }
}
