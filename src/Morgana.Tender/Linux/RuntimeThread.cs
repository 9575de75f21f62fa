using System.Runtime.CompilerServices;

namespace Morgana.Tender.Linux;

/// <summary>The thread that .NET's runtime keeps for finalizers: the one besides the main thread.</summary>
internal static class RuntimeThread
{
    private const int Attempts = 10;

    /// <summary>Does something on that thread, and waits for it. It is also certain then that the thread has started.</summary>
    /// <exception cref="TenderException">It did not come to it, or what <paramref name="action"/> threw.</exception>
    public static void Do(Action action)
    {
        Errand errand = new(action);
        for (int i = 0; i < Attempts && !errand.IsDone; i++)
        {
            Send(errand);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        if (!errand.IsDone)
        {
            throw new TenderException(
                ".NET's runtime does not run finalizers, so its thread cannot give up its privileges: this is an error of the tender"
            );
        }

        if (errand.Failure is TenderException failure)
        {
            throw failure;
        }
    }

    // By itself, so that no local of the caller keeps the messenger alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Send(Errand errand) => _ = new Messenger(errand);

    private sealed class Errand(Action action)
    {
        public bool IsDone { get; private set; }

        public TenderException? Failure { get; private set; }

        public void Run()
        {
            if (IsDone)
            {
                return;
            }

            try
            {
                action();
            }
            catch (TenderException exception)
            {
                Failure = exception;
            }

            IsDone = true;
        }
    }

    private sealed class Messenger(Errand errand)
    {
        ~Messenger() => errand.Run();
    }
}
