using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Morgana.Cli.Run.Kernel;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>
/// A thread with a network namespace of its own. Namespaces belong to threads, sockets and TAP devices to the
/// namespace of the thread that created them: so what is created here through <see cref="Run{T}"/> can be used from
/// every thread, and a process started here lives in the namespace. The namespace has no name and ends with its last
/// thread, process and descriptor, whatever the reason: nothing is left to clean up.
/// </summary>
internal sealed class NamespaceThread : IDisposable
{
    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    private NamespaceThread()
    {
        // The thread outlives all work: a child started on it with a parent-death signal must not be killed because
        // a pool thread retired.
        thread = new Thread(() =>
        {
            foreach (Action action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "network namespace",
        };
        thread.Start();
    }

    /// <summary>A thread that stays in the process's own namespace (used where the whole process is inside).</summary>
    public static NamespaceThread InPlace() => new();

    /// <summary>A thread in a new namespace, or null when the process may not make one (CAP_SYS_ADMIN).</summary>
    public static NamespaceThread? TryCreate()
    {
        NamespaceThread created = new();
        int error = created.Run(() =>
            Syscalls.Unshare(Syscalls.CloneNewNet) == 0 ? 0 : Marshal.GetLastPInvokeError()
        );
        if (error == 0)
        {
            return created;
        }

        created.Dispose();
        return error == Syscalls.ErrorNotPermitted
            ? null
            : throw new RunException(
                $"A network namespace cannot be made: {Syscalls.ErrorText(error)}."
            );
    }

    /// <summary>Runs <paramref name="function"/> in the namespace and waits for it; its exception comes out here.</summary>
    public T Run<T>(Func<T> function)
    {
        using ManualResetEventSlim done = new();
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        work.Add(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        failure?.Throw();
        return result;
    }

    /// <summary>Runs <paramref name="action"/> in the namespace and waits for it.</summary>
    public void Run(Action action) =>
        Run(() =>
        {
            action();
            return true;
        });

    /// <summary>Ends the thread after what is queued.</summary>
    public void Dispose()
    {
        if (!work.IsAddingCompleted)
        {
            work.CompleteAdding();
            thread.Join();
            work.Dispose();
        }
    }
}
