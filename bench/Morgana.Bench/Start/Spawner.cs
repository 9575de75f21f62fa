using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Morgana.Bench.Start;

/// <summary>
/// Starts a process with nothing around it (posix_spawn, waitpid): System.Diagnostics.Process would add a share of its own to both
/// sides and make every ratio look better.
/// </summary>
internal static unsafe partial class Spawner
{
    private const int WriteOnly = 1;

    /// <summary>Binds this process and its children to one processor.</summary>
    public static void PinTo(int processor)
    {
        ulong mask = 1ul << (processor % Environment.ProcessorCount);
        _ = SetAffinity(0, sizeof(ulong), &mask);
    }

    /// <summary>From the spawn to the end, its output to /dev/null.</summary>
    public static double Milliseconds(string[] command)
    {
        nint[] arguments = [.. command.Select(Marshal.StringToCoTaskMemUTF8), 0];
        byte* actions = stackalloc byte[256];
        _ = ActionsInit(actions);
        fixed (byte* path = Encoding.UTF8.GetBytes("/dev/null\0"))
        fixed (nint* argv = arguments)
        {
            _ = ActionsAddOpen(actions, 1, path, WriteOnly, 0);
            _ = ActionsAddOpen(actions, 2, path, WriteOnly, 0);
            byte* environment = null;
            int process;
            long begin = Stopwatch.GetTimestamp();
            int error = Spawn(&process, (byte*)arguments[0], actions, null, argv, &environment);
            if (error != 0)
            {
                throw new InvalidOperationException(
                    $"{command[0]} could not be started: error {error}"
                );
            }

            int status;
            _ = WaitFor(process, &status, 0);
            double time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            _ = ActionsDestroy(actions);
            foreach (nint argument in arguments)
            {
                Marshal.FreeCoTaskMem(argument);
            }

            return status == 0
                ? time
                : throw new InvalidOperationException(
                    $"{string.Join(' ', command)} ended with status {status}"
                );
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int process, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int ActionsAddOpen(
        byte* actions,
        int descriptor,
        byte* path,
        int flags,
        uint mode
    );

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(
        int* process,
        byte* path,
        byte* actions,
        byte* attributes,
        nint* arguments,
        byte** environment
    );

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitFor(int process, int* status, int options);
}
