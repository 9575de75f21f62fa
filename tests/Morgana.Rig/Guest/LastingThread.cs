using System.Collections.Concurrent;

namespace Morgana.Rig.Guest;

/// <summary>
/// A thread that lives as long as this process, on which emulators are started: the kernel sends the signal for a parent's death when the
/// thread ends that started the child, and threads of the pool end when there is little to do.
/// </summary>
internal static class LastingThread
{
    private static readonly BlockingCollection<Action> Work = Start();

    /// <summary>Runs <paramref name="function"/> there.</summary>
    public static Task<T> RunAsync<T>(Func<T> function)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    private static BlockingCollection<Action> Start()
    {
        BlockingCollection<Action> work = [];
        new Thread(() =>
        {
            foreach (Action action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "starts the rig's emulators",
        }.Start();
        return work;
    }
}
