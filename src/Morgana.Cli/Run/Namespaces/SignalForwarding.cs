using System.Diagnostics;
using System.Runtime.InteropServices;
using Morgana.Cli.Run.Kernel;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>
/// While it lives, Ctrl-C and the signals that ask a process to end do not end this process but are passed to a child
/// as SIGTERM; a second one, or five seconds of patience, kill the child. So this process always sees its child's end
/// and says so. It is made before the child is: a signal that comes earlier is kept for it, since one that ended this
/// process while the child starts would leave the child behind.
/// </summary>
internal sealed class SignalForwarding : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Lock gate = new();
    private Process? child;
    private Timer? patience;
    private bool ended;
    private bool stopped;

    public SignalForwarding()
    {
        foreach (
            PosixSignal signal in (PosixSignal[])
                [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT]
        )
        {
            registrations.Add(
                PosixSignalRegistration.Create(
                    signal,
                    context =>
                    {
                        context.Cancel = true;
                        Stop();
                    }
                )
            );
        }
    }

    /// <summary>Whether the child was asked to end.</summary>
    public bool Stopped
    {
        get => Volatile.Read(ref stopped);
        private set => Volatile.Write(ref stopped, value);
    }

    /// <summary>From now on the signals go to <paramref name="started"/>, those of before at once.</summary>
    public void Attach(Process started)
    {
        lock (gate)
        {
            child = started;
            if (Stopped)
            {
                Pass(Syscalls.SignalTerminate);
            }
        }
    }

    /// <summary>Asks the child to end; the second time it is killed.</summary>
    public void Stop()
    {
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            // Said before it is done: the child may end, and be reported, before this thread runs again.
            bool again = Stopped;
            Stopped = true;
            Pass(again ? Syscalls.SignalKill : Syscalls.SignalTerminate);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            patience?.Dispose();
        }

        registrations.ForEach(registration => registration.Dispose());
    }

    private void Pass(int signal)
    {
        if (child is not null && !child.HasExited)
        {
            _ = Syscalls.Signal(child.Id, signal);
            patience ??= new Timer(_ => Kill(), null, Patience, Timeout.InfiniteTimeSpan);
        }
    }

    private void Kill()
    {
        lock (gate)
        {
            if (!ended && child is { HasExited: false })
            {
                _ = Syscalls.Signal(child.Id, Syscalls.SignalKill);
            }
        }
    }
}
