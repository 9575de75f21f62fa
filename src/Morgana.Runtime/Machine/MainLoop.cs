namespace Morgana.Runtime;

/// <summary>
/// The loop of a unikernel. It is the synchronization context of its thread: a continuation of an <c>await</c> that
/// began on the loop runs on the loop. Timers of <see cref="Machine.Clock"/> and devices' receivers run there too, so
/// code on the loop needs no locks against other code on the loop.
/// </summary>
public sealed class MainLoop : SynchronizationContext
{
    /// <summary>Continuations that run before the devices are looked at again.</summary>
    private const int Burst = 64;

    private readonly IMachinePort _port;
    private readonly LoopTimeProvider _timers;
    private readonly Lock _gate = new();
    private readonly Action?[] _receivers = new Action?[64];
    private (SendOrPostCallback Callback, object? State)[] _posted = new (
        SendOrPostCallback,
        object?
    )[64];
    private int _first;
    private int _count;
    private int _threadId;

    internal MainLoop(IMachinePort port, LoopTimeProvider timers)
    {
        _port = port;
        _timers = timers;
        timers.Changed = Wake;
    }

    /// <summary>True on the loop's own thread.</summary>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _threadId;

    /// <summary>Runs a callback on the loop soon, in the order of the posts; may be called on any thread.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            if (_count == _posted.Length)
            {
                var larger = new (SendOrPostCallback, object?)[2 * _count];
                for (int i = 0; i < _count; i++)
                {
                    larger[i] = _posted[(_first + i) & (_count - 1)];
                }

                _posted = larger;
                _first = 0;
            }

            _posted[(_first + _count++) & (_posted.Length - 1)] = (d, state);
        }

        Wake();
    }

    /// <summary>Runs a callback on the loop soon; may be called on any thread.</summary>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Post(static state => ((Action)state!)(), action);
    }

    /// <summary>Runs a callback on the loop and waits for its end.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (IsCurrent)
        {
            d(state);
            return;
        }

        using ManualResetEventSlim done = new();
        Exception? error = null;
        Post(
            _ =>
            {
                try
                {
                    d(state);
                }
#pragma warning disable CA1031 // It is thrown again, where the caller waits.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    error = e;
                }

                done.Set();
            },
            null
        );
        done.Wait();
        if (error is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    internal int Run(Func<Task<int>> start)
    {
        _threadId = Environment.CurrentManagedThreadId;
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            Task<int> main = start();
            if (!main.IsCompleted)
            {
                // The task may end on another thread, which must end the loop's sleep.
                _ = main.ContinueWith(
                    static (_, loop) => ((MainLoop)loop!).Wake(),
                    this,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
                while (!main.IsCompleted)
                {
                    Turn(main);
                }
            }

            return main.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    internal void OnReady(ulong handle, Action receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        _receivers[handle] = receiver;
    }

    private void Turn(Task main)
    {
        for (
            int i = 0;
            i < Burst && TryTake(out SendOrPostCallback? callback, out object? state);
            i++
        )
        {
            callback(state);
        }

        ulong deadline = _timers.RunDue();
        if (_count != 0)
        {
            deadline = 0;
        }

        // What has just run may have been the program's end: nobody would wake a sleep now.
        if (main.IsCompleted)
        {
            return;
        }

        for (ulong ready = _port.Wait(deadline); ready != 0; ready &= ready - 1)
        {
            _receivers[System.Numerics.BitOperations.TrailingZeroCount(ready)]?.Invoke();
        }
    }

    private bool TryTake(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SendOrPostCallback? callback,
        out object? state
    )
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                callback = null;
                state = null;
                return false;
            }

            (callback, state) = _posted[_first];
            _posted[_first] = default;
            _first = (_first + 1) & (_posted.Length - 1);
            _count--;
            return true;
        }
    }

    /// <summary>Ends the loop's sleep, unless the loop itself is what is running.</summary>
    private void Wake()
    {
        if (!IsCurrent)
        {
            _port.Post();
        }
    }
}
