using CsCheck;
using Morgana.Runtime;

namespace Morgana.Storage.Tests;

public class KeyValueStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1024, 512)]
    [InlineData(4096, 512)]
    [InlineData(32768, 32768)]
    public async Task It_is_a_dictionary_that_outlives_the_program(int unit, int blockSize)
    {
        byte[] disk = new byte[8 << 20];
        MemoryBlockDevice device = new(disk, blockSize);
        await KeyValueStore.FormatAsync(device, unit, Token);
        SortedDictionary<string, byte[]> model = new(StringComparer.Ordinal);
        Random random = new(unit);
        KeyValueStore store = await KeyValueStore.MountAsync(
            device,
            options: new() { CachedPages = 8 },
            cancellation: Token
        );
        for (int i = 0; i < 600; i++)
        {
            string key = random.Next(3) switch
            {
                0 => $"{random.Next(200)}",
                1 => $"a/{random.Next(100)}/x",
                _ => $"ünïcode/{random.Next(20)}",
            };
            if (random.Next(3) == 0)
            {
                Assert.Equal(model.Remove(key), await store.DeleteAsync(key, Token));
            }
            else
            {
                byte[] value = StoreModel.Value(
                    i,
                    random.Next(6) == 0 ? random.Next(200_000) : random.Next(300)
                );
                try
                {
                    await store.SetAsync(key, new MemoryStream(value), Token);
                    model[key] = value;
                }
                catch (StoreFullException)
                {
                    Assert.True(store.Usage.Free < 300_000);
                }
            }

            Assert.Equal(model.Count, store.Usage.Keys);
            Assert.Equal(model.Values.Sum(value => (long)value.Length), store.Usage.ValueBytes);
            if (i % 100 == 99)
            {
                StoreModel.AssertSame(model, await StoreModel.ReadAllAsync(store));
                long free = store.Usage.Free;
                store = await KeyValueStore.MountAsync(device, cancellation: Token);
                Assert.Equal(free, store.Usage.Free);
                StoreModel.AssertSame(model, await StoreModel.ReadAllAsync(store));
                Assert.Equal(0, await store.VerifyAsync(cancellation: Token));
            }
        }

        foreach (string key in model.Keys)
        {
            Assert.True(await store.DeleteAsync(key, Token));
        }

        Assert.Equal(0, store.Usage.Keys);
        Assert.Equal(store.Usage.Capacity, store.Usage.Free);
    }

    [Fact]
    public async Task A_large_value_has_a_map_and_is_read_in_parts_and_as_a_stream()
    {
        MemoryBlockDevice device = new(new byte[48 << 20]);
        KeyValueStore store = await KeyValueStore.MountAsync(device, cancellation: Token);
        byte[] value = StoreModel.Value(3, 20_000_001);
        await store.SetAsync("big", value, Token);
        Assert.Equal(value, (await store.ReadAsync("big", Token)).ToArray());
        await using Stream stream = await store.OpenReadAsync("big", Token);
        // The stream keeps what it reads, whatever becomes of the key.
        await store.SetAsync("big", "small"u8.ToArray(), Token);
        _ = await store.DeleteAsync("big", Token);
        await store.SetAsync("other", StoreModel.Value(4, 10_000_000), Token);
        Assert.Equal(20_000_001, stream.Length);
        stream.Position = 12_345_678;
        byte[] part = new byte[100_000];
        await stream.ReadExactlyAsync(part, Token);
        Assert.Equal(value[12_345_678..(12_345_678 + part.Length)], part);
        MemoryStream copy = new();
        stream.Position = 0;
        await stream.CopyToAsync(copy, 1000, Token);
        Assert.Equal(value, copy.ToArray());
        long held = store.Usage.Free;
        await stream.DisposeAsync();
        Assert.True(store.Usage.Free - held >= 20_000_000);
    }

    [Fact]
    public async Task A_full_store_loses_nothing_and_something_can_be_deleted()
    {
        MemoryBlockDevice device = new(new byte[65536 + 600 * 1024]);
        await KeyValueStore.FormatAsync(device, 1024, Token);
        KeyValueStore store = await KeyValueStore.MountAsync(device, cancellation: Token);
        SortedDictionary<string, byte[]> model = new(StringComparer.Ordinal);
        int refused = 0;
        for (int i = 0; refused < 20; i++)
        {
            byte[] value = StoreModel.Value(i, i % 3 == 0 ? 50 : 4000);
            try
            {
                await store.SetAsync($"key{i}", value, Token);
                model.Add($"key{i}", value);
            }
            catch (StoreFullException)
            {
                refused++;
            }
        }

        StoreModel.AssertSame(model, await StoreModel.ReadAllAsync(store));
        store = await KeyValueStore.MountAsync(device, cancellation: Token);
        StoreModel.AssertSame(model, await StoreModel.ReadAllAsync(store));
        foreach (string key in model.Keys.ToList())
        {
            Assert.True(await store.DeleteAsync(key, Token));
        }

        Assert.Equal(store.Usage.Capacity, store.Usage.Free);
    }

    [Fact]
    public async Task A_batch_that_is_not_committed_has_never_been()
    {
        KeyValueStore store = await KeyValueStore.MountAsync(
            new MemoryBlockDevice(new byte[1 << 20]),
            cancellation: Token
        );
        await store.SetAsync("a", "1"u8.ToArray(), Token);
        long free = store.Usage.Free;
        await using (IStoreBatch batch = await store.BeginAsync(Token))
        {
            await batch.SetAsync("a", StoreModel.Value(1, 100_000), Token);
            await batch.SetAsync("a", StoreModel.Value(2, 100_000), Token);
            batch.Delete("a");
            await batch.SetAsync("b", StoreModel.Value(2, 100_000), Token);
            Assert.Equal("1"u8.ToArray(), (await store.ReadAsync("a", Token)).ToArray());
        }

        Assert.Equal(free, store.Usage.Free);
        Assert.Null(await store.FindAsync("b", Token));
        await using (IStoreBatch batch = await store.BeginAsync(Token))
        {
            await batch.SetAsync("c", StoreModel.Value(1, 100_000), Token);
            batch.Delete("c");
            await batch.CommitAsync(Token);
        }

        Assert.Equal(free, store.Usage.Free);
        Assert.Null(await store.FindAsync("c", Token));
    }

    [Fact]
    public async Task Listeners_hear_of_what_was_committed_and_times_are_the_clocks()
    {
        KeyValueStore store = await KeyValueStore.MountAsync(
            new MemoryBlockDevice(new byte[1 << 20]),
            new FixedClock(),
            cancellation: Token
        );
        List<string> heard = [];
        store.Changed += (_, change) => heard.AddRange(change.Keys);
        await store.SetAsync("/b//c/", "x"u8.ToArray(), Token);
        _ = await store.DeleteAsync("nothing", Token);
        Assert.Equal(["b/c"], heard);
        Assert.Equal(
            new StoreItem("c", StoreItemKind.Value, 1, FixedClock.Time),
            await store.FindAsync("b/c", Token)
        );
        Assert.Equal(
            new StoreItem("b", StoreItemKind.Folder, 0),
            await store.FindAsync("b", Token)
        );
        Assert.Null(
            await store.FindAsync("b/", Token) is { Kind: StoreItemKind.Value } v ? v : null
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("//")]
    [InlineData("half a pair")]
    public async Task What_is_no_key_is_refused(string key)
    {
        key = key == "half a pair" ? "\ud800" : key;
        KeyValueStore store = await KeyValueStore.MountAsync(
            new MemoryBlockDevice(new byte[1 << 20]),
            cancellation: Token
        );
        _ = await Assert.ThrowsAsync<ArgumentException>(async () =>
            await store.SetAsync(key, "x"u8.ToArray(), Token)
        );
        await store.SetAsync(new string('k', store.MostKeyBytes), "x"u8.ToArray(), Token);
        _ = await Assert.ThrowsAsync<ArgumentException>(async () =>
            await store.SetAsync(new string('k', store.MostKeyBytes + 1), "x"u8.ToArray(), Token)
        );
    }

    [Fact]
    public async Task A_disk_that_fails_at_any_write_leaves_a_store_that_says_so_or_goes_on()
    {
        for (int failing = 0; ; failing++)
        {
            byte[] disk = new byte[1 << 20];
            RecordingDevice device = new(disk);
            KeyValueStore store = await KeyValueStore.MountAsync(device, cancellation: Token);
            await store.SetAsync("a", StoreModel.Value(1, 5000), Token);
            int left = failing;
            device.Before = () =>
            {
                if (left-- == 0)
                {
                    throw new BlockDeviceException("broken");
                }
            };
            bool stored = true;
            try
            {
                await store.SetAsync("b", StoreModel.Value(2, 100_000), Token);
            }
            catch (StoreFailedException)
            {
                stored = false;
                device.Before = null;
                _ = await Assert.ThrowsAsync<StoreFailedException>(async () =>
                    await store.SetAsync("c", "x"u8.ToArray(), Token)
                );
            }
            catch (BlockDeviceException)
            {
                stored = false;
                device.Before = null;
                await store.SetAsync("c", "x"u8.ToArray(), Token);
            }

            device.Before = null;
            Assert.Equal(StoreModel.Value(1, 5000), (await store.ReadAsync("a", Token)).ToArray());
            KeyValueStore again = await KeyValueStore.MountAsync(device, cancellation: Token);
            Assert.Equal(StoreModel.Value(1, 5000), (await again.ReadAsync("a", Token)).ToArray());
            Assert.Equal(0, await again.VerifyAsync(cancellation: Token));
            if (stored)
            {
                Assert.True(failing > 4);
                return;
            }
        }
    }

    [Fact]
    public async Task Whatever_is_on_the_disk_is_opened_or_refused_and_every_value_is_right_or_refused()
    {
        byte[] good = new byte[65536 + 128 * 1024];
        await KeyValueStore.FormatAsync(new MemoryBlockDevice(good), 1024, Token);
        KeyValueStore store = await KeyValueStore.MountAsync(
            new MemoryBlockDevice(good),
            cancellation: Token
        );
        for (int i = 0; i < 30; i++)
        {
            await store.SetAsync($"k{i}/x", StoreModel.Value(i, i * 50), Token);
        }

        SortedDictionary<string, byte[]> model = await StoreModel.ReadAllAsync(store);
        int opened = 0;
        int refused = 0;
        Gen.Select(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 8], Gen.Bool)
            .Sample(
                (changes, repairs) =>
                {
                    byte[] bad = [.. good];
                    foreach ((int at, byte value) in changes)
                    {
                        // Most of the disk is empty: half of the changes go where something stands.
                        bad[value % 2 == 0 ? at : at % 512 + (at % 2 * 32768)] = value;
                    }

                    if (repairs)
                    {
                        Repair(bad, 0);
                        Repair(bad, 32768);
                    }

                    try
                    {
                        KeyValueStore opening = KeyValueStore
                            .MountAsync(new MemoryBlockDevice(bad))
                            .AsTask()
                            .GetAwaiter()
                            .GetResult();
                        opened++;
                        foreach (string key in model.Keys)
                        {
                            try
                            {
                                // An older state is possible when the last superblock is gone.
                                _ = opening.ReadAsync(key).AsTask().GetAwaiter().GetResult();
                            }
                            catch (Exception e)
                                when (e is StoreCorruptException or StoreKeyNotFoundException) { }
                        }
                    }
                    catch (StoreCorruptException)
                    {
                        refused++;
                    }
                },
                iter: 600,
                threads: 1
            );
        Assert.True(opened > 20 && refused > 20, $"{opened} {refused}");
    }

    [Fact]
    public async Task A_page_with_right_checksums_and_wrong_contents_is_refused()
    {
        byte[] good = new byte[65536 + 128 * 1024];
        await KeyValueStore.FormatAsync(new MemoryBlockDevice(good), 1024, Token);
        KeyValueStore store = await KeyValueStore.MountAsync(
            new MemoryBlockDevice(good),
            cancellation: Token
        );
        await using (IStoreBatch batch = await store.BeginAsync(Token))
        {
            for (int i = 0; i < 6; i++)
            {
                await batch.SetAsync($"k{i}", StoreModel.Value(i, 40 * i * i), Token);
            }

            await batch.CommitAsync(Token);
        }

        // The root is a leaf, whose place the superblock of generation 1 names.
        int root = (int)BitConverter.ToUInt32(good, 32768 + 32) * 1024;
        Gen.Select(Gen.Int[0, 1023], Gen.Byte)
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    byte[] bad = [.. good];
                    foreach ((int at, byte value) in changes)
                    {
                        bad[root + (value % 3 == 0 ? at % 64 : at)] = value;
                    }

                    BitConverter.TryWriteBytes(
                        bad.AsSpan(32768 + 40),
                        Hashing.Crc32C.Of(bad.AsSpan(root, 1024))
                    );
                    Repair(bad, 32768);
                    try
                    {
                        KeyValueStore opening = KeyValueStore
                            .MountAsync(new MemoryBlockDevice(bad))
                            .AsTask()
                            .GetAwaiter()
                            .GetResult();
                        _ = opening.VerifyAsync().AsTask().GetAwaiter().GetResult();
                        opening.SetAsync("k3", new byte[3000]).AsTask().GetAwaiter().GetResult();
                    }
                    catch (Exception e) when (e is StoreCorruptException or StoreFullException) { }
                },
                iter: 1500,
                threads: 1
            );
    }

    [Fact]
    public async Task What_is_no_store_is_refused_and_left_alone()
    {
        byte[] disk = StoreModel.Value(9, 1 << 20);
        byte[] before = [.. disk];
        HostException refusal = await Assert.ThrowsAsync<HostException>(async () =>
            await KeyValueStore.OpenAsync(new MemoryBlockDevice(disk), cancellation: Token)
        );
        Assert.Contains("holds no store", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, disk);
    }

    [Fact]
    public async Task Readers_on_other_threads_see_whole_batches_while_units_are_used_again()
    {
        MemoryBlockDevice device = new(new byte[2 << 20]);
        await KeyValueStore.FormatAsync(device, 1024, Token);
        KeyValueStore store = await KeyValueStore.MountAsync(
            device,
            options: new() { CachedPages = 8 },
            cancellation: Token
        );
        await store.SetAsync("value", StoreModel.Value(0, 30_000), Token);
        using CancellationTokenSource over = new();
        int read = 0;
        Task[] readers =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        // A value that was written over while it is read fails its checksum, or has another digest.
                        while (!over.IsCancellationRequested)
                        {
                            await using Stream stream = await store.OpenReadAsync("value");
                            byte[] value = new byte[stream.Length];
                            await stream.ReadExactlyAsync(value);
                            Assert.Equal(
                                StoreModel.Value(value.Length - 30_000, value.Length),
                                value
                            );
                            Interlocked.Increment(ref read);
                        }
                    })
                ),
        ];
        try
        {
            for (int i = 1; i < 300 || Volatile.Read(ref read) < 30; i++)
            {
                try
                {
                    int size = 30_000 + i % 1000;
                    await store.SetAsync("value", StoreModel.Value(size - 30_000, size), Token);
                }
                catch (StoreFullException)
                {
                    // Readers hold what is old: the next turn finds room again.
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(readers);
        }

        await store.SetAsync("value", "x"u8.ToArray(), Token);
        Assert.Equal(1, store.Usage.Keys);
        Assert.Equal(store.Usage.Capacity - 1024, store.Usage.Free);
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_leaves_the_state_before_it()
    {
        KeyValueStore store = await KeyValueStore.MountAsync(
            new MemoryBlockDevice(new byte[1 << 20]),
            cancellation: Token
        );
        await store.SetAsync("a", "1"u8.ToArray(), Token);
        StoreUsage before = store.Usage;
        using CancellationTokenSource cancelled = new();
        await using (IStoreBatch batch = await store.BeginAsync(Token))
        {
            await batch.SetAsync("a", StoreModel.Value(1, 90_000), Token);
            await cancelled.CancelAsync();
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await batch.CommitAsync(cancelled.Token)
            );
        }

        Assert.Equal(before, store.Usage);
        Assert.Equal("1"u8.ToArray(), (await store.ReadAsync("a", Token)).ToArray());
        await store.SetAsync("a", "2"u8.ToArray(), Token);
    }

    private static void Repair(byte[] disk, int place) =>
        BitConverter.TryWriteBytes(
            disk.AsSpan(place + 508),
            Hashing.Crc32C.Of(disk.AsSpan(place, 508))
        );

    private sealed class FixedClock : TimeProvider
    {
        public static readonly DateTimeOffset Time = new(2026, 11, 22, 1, 2, 3, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Time;
    }
}
