using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Morgana.Runtime;

namespace Faults;

/// <summary>One way to go wrong, or one service of the runtime, a case.</summary>
public sealed class FaultsUnikernel(Stream console, string which, int code) : IUnikernel
{
    /// <inheritdoc/>
    public async Task<int> RunAsync()
    {
        Say($"case {which}");
        switch (which)
        {
            case "throw":
                throw new InvalidOperationException("the unikernel gave up");
            case "throw-in-task":
                await Task.Run(() => throw new InvalidOperationException("a task gave up"));
                break;
            case "null":
                return Catch<NullReferenceException>(() => Length(code == 0 ? null : "x"));
            case "divide":
                return Catch<DivideByZeroException>(() => 7 / code);
            case "null-uncaught":
                return Length(code == 0 ? null : "x");
            case "stack":
                return Deep(1);
            case "stack-in-thread":
                Thread thread = new(() => Deep(1)) { Name = "digger" };
                thread.Start();
                thread.Join();
                return 1;
            case "memory":
                return Exhaust();
            case "memory-uncaught":
                List<byte[]> all = [];
                while (true)
                {
                    all.Add(new byte[10_000]);
                }

            case "native-memory":
                return Catch<OutOfMemoryException>(() => (int)ExhaustNative());
            case "endless":
                return Endless();
            case "threads":
                return await ThreadsAsync();
            case "busy":
                return await BusyAsync();
            case "random":
                return Randomness();
            case "exit":
                return code;
            default:
                Say($"there is no case '{which}'");
                return 64;
        }

        return 1;
    }

    private void Say(string line) => console.Write(Encoding.UTF8.GetBytes(line + "\n"));

    private int Catch<T>(Func<int> action)
        where T : Exception
    {
        try
        {
            return action();
        }
        catch (T e)
        {
            Say($"caught {e.GetType().Name}");
            return 0;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Length(string? text) => text!.Length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Deep(int depth)
    {
        Span<byte> frame = stackalloc byte[64];
        frame[depth & 63] = 1;
        return Deep(depth + 1) + frame[(depth + 1) & 63];
    }

    private int Exhaust()
    {
        List<byte[]> all = [];
        try
        {
            while (true)
            {
                all.Add(new byte[10_000]);
            }
        }
        catch (OutOfMemoryException)
        {
            int count = all.Count;
            all.Clear();
            GC.Collect();
            // The memory is there again.
            for (int i = 0; i < count / 2; i++)
            {
                all.Add(new byte[10_000]);
            }

            Say(
                $"caught OutOfMemoryException after {(count > 100 ? "many" : "few")} arrays, half as many fit again"
            );
            return 0;
        }
    }

    private static unsafe nint ExhaustNative()
    {
        nint sum = 0;
        while (true)
        {
            sum += (nint)NativeMemory.Alloc(1 << 20);
        }
    }

    /// <summary>Allocates many times the memory there is, in sizes small and large, and keeps little of it.</summary>
    private int Endless()
    {
        object[] keep = new object[256];
        long total = 0;
        long rounds = code == 0 ? 400_000 : code;
        for (long i = 0; i < rounds; i++)
        {
            int size = i % 500 == 0 ? 300_000 : (int)(i * 37 % 4_000);
            keep[i % keep.Length] = new byte[size];
            total += size;
        }

        Say(
            $"allocated {(total > 500_000_000 ? "more than" : "less than")} 500 MB, collections {(GC.CollectionCount(2) > 0 ? "ran" : "did not run")}"
        );
        return 0;
    }

    private async Task<int> ThreadsAsync()
    {
        Channel<int> channel = Channel.CreateBounded<int>(4);
        Task producer = Task.Run(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await channel.Writer.WriteAsync(i);
            }

            channel.Writer.Complete();
        });
        long sum = 0;
        await foreach (int item in channel.Reader.ReadAllAsync())
        {
            sum += item;
        }

        await producer;
        Say($"channel {sum}");

        object gate = new();
        int counter = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        for (int i = 0; i < 1000; i++)
                        {
                            lock (gate)
                            {
                                int read = counter;
                                if (i % 50 == 0)
                                {
                                    Thread.Yield();
                                }

                                counter = read + 1;
                            }
                        }
                    })
                )
        );
        Say($"lock {counter}");

        long before = Environment.TickCount64;
        await Task.Delay(50);
        long waited = Environment.TickCount64 - before;
        Say($"delay {(waited is >= 49 and < 500 ? "in time" : $"{waited} ms")}");

        int joined = 0;
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(_ => new Thread(() => Interlocked.Increment(ref joined))),
        ];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Say($"joined {joined}");
        using CancellationTokenSource cancelled = new(20);
        try
        {
            await Task.Delay(Timeout.Infinite, cancelled.Token);
        }
        catch (OperationCanceledException)
        {
            Say("cancelled");
        }

        Say(
            $"thread {(SynchronizationContext.Current is MainLoop ? "is the loop's" : "is another")}"
        );
        return 0;
    }

    /// <summary>The loop is never idle, and a thread of the pool gets its share all the same.</summary>
    private async Task<int> BusyAsync()
    {
        Task<int> other = Task.Run(() => 42);
        int turns = 0;
        while (!other.IsCompleted && turns < 10_000_000)
        {
            turns++;
            await Task.Yield();
        }

        Say(other.IsCompleted ? "the other thread ran" : "the other thread starved");
        return other.IsCompleted ? 0 : 1;
    }

    private int Randomness()
    {
        byte[] first = RandomNumberGenerator.GetBytes(32);
        byte[] second = RandomNumberGenerator.GetBytes(32);
        Say($"random {Convert.ToHexStringLower(first)}");
        Say($"guid {Guid.NewGuid()}");
        Say($"hash {"seed".GetHashCode():x8}");
        return first.AsSpan().SequenceEqual(second) ? 1 : 0;
    }
}
