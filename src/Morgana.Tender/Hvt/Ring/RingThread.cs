using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>The thread that serves the network ring while the guest runs.</summary>
internal static unsafe class RingThread
{
    // How often it looks before it sleeps: some microseconds, in which a burst's next frame comes.
    private const int Looks = 4096;

    /// <summary>Starts it. It has given its privileges up when this returns.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="kick">The eventfd by which the guest wakes it.</param>
    /// <param name="maySpin">Whether there is a processor for it beside the guest's.</param>
    /// <param name="program">The program's name, for its message about a guest that lies.</param>
    /// <exception cref="TenderException">It cannot give up its privileges.</exception>
    public static void Start(NetworkRing ring, int kick, bool maySpin, string program)
    {
        using ManualResetEventSlim ready = new();
        TenderException? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Privileges.GiveUp();
            }
            catch (TenderException exception)
            {
                failure = exception;
            }

            bool failed = failure is not null;
            ready.Set();
            if (!failed)
            {
                Serve(ring, kick, maySpin ? Looks : 1, program);
            }
        })
        {
            // The guest's end is the tender's, whatever this thread waits for.
            IsBackground = true,
        };
        thread.Start();
        ready.Wait();
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static void Serve(NetworkRing ring, int kick, int looks, string program)
    {
        try
        {
            while (true)
            {
                for (int i = 0; i < looks && !ring.HasWork; i++)
                {
                    Thread.SpinWait(1);
                }

                if (!ring.HasWork)
                {
                    ring.SetNeedsKick(true);
                    ulong count;
                    if (!ring.HasWork)
                    {
                        _ = LinuxCalls.Read(kick, (byte*)&count, sizeof(ulong));
                    }

                    ring.SetNeedsKick(false);
                }

                _ = ring.Serve();
            }
        }
        catch (GuestLieException lie)
        {
            new StandardErrorWriter().Write($"{program}: the guest was ended: {lie.Message}\n");
            LinuxCalls.Exit(1);
        }
    }
}
