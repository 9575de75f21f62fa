using CsCheck;
using Morgana.Runtime;

namespace Morgana.Storage.Tests;

/// <summary>The store is cut off at every sector that it writes, and must come back with the state before or after the batch.</summary>
public class CrashTests
{
    private const int Size = 65536 + 256 * 1024;

    private static readonly Gen<(int Kind, int Key, int Size)> Change = Gen.Select(
        Gen.Int[0, 3],
        Gen.Int[0, 40],
        Gen.OneOf(Gen.Int[0, 80], Gen.Int[0, 6000])
    );

    [Fact]
    public void Whatever_is_cut_off_leaves_the_state_before_or_after_a_batch() =>
        Gen.Select(Change.Array[1, 6].Array[1, 6], Gen.Int[0, 1_000_000])
            .Sample(
                (batches, seed) => RunAsync(batches, seed).GetAwaiter().GetResult(),
                iter: 25,
                threads: 1
            );

    [Fact]
    public async Task Many_keys_are_cut_off_at_every_sector()
    {
        // Enough for a tree of three levels, then all of it away again.
        (int, int, int)[][] batches =
        [
            [.. Enumerable.Range(0, 120).Select(i => (0, i, 60))],
            [.. Enumerable.Range(0, 40).Select(i => (3, 3 * i, 0))],
            [.. Enumerable.Range(0, 120).Select(i => (3, i, 0))],
        ];
        await RunAsync(batches, 1);
    }

    private static string KeyOf(int key) =>
        (key % 4) switch
        {
            0 => $"k{key}",
            1 => $"folder/k{key}",
            2 => $"folder/inner/{new string('x', key % 90)}{key}",
            _ => $"zz-{key}",
        };

    private static async Task RunAsync((int Kind, int Key, int Size)[][] batches, int seed)
    {
        RecordingDevice device = new(new byte[Size]);
        await KeyValueStore.FormatAsync(device, 1024);
        int formatted = device.Log.Count;
        KeyValueStore store = await KeyValueStore.MountAsync(device);
        SortedDictionary<string, byte[]> model = new(StringComparer.Ordinal);
        // States in their order, and when each was promised to be there.
        List<(int Promised, SortedDictionary<string, byte[]> State)> states =
        [
            (formatted, new(model, StringComparer.Ordinal)),
        ];
        int number = 0;
        foreach ((int Kind, int Key, int Size)[] changes in batches)
        {
            SortedDictionary<string, byte[]> next = new(model, StringComparer.Ordinal);
            await using IStoreBatch batch = await store.BeginAsync();
            try
            {
                foreach ((int kind, int key, int size) in changes)
                {
                    string name = KeyOf(key);
                    if (kind == 3)
                    {
                        batch.Delete(name);
                        next.Remove(name);
                    }
                    else
                    {
                        byte[] value = StoreModel.Value(seed + ++number, size);
                        await batch.SetAsync(name, value);
                        next[name] = value;
                    }
                }

                await batch.CommitAsync();
            }
            catch (StoreFullException)
            {
                StoreModel.AssertSame(model, await StoreModel.ReadAllAsync(store));
                continue;
            }

            model = next;
            states.Add((device.Log.Count, new(model, StringComparer.Ordinal)));
            StoreModel.AssertSame(model, await StoreModel.ReadAllAsync(store));
        }

        Random random = new(seed);
        for (int cut = formatted; cut <= device.Log.Count; cut++)
        {
            int choice = random.Next(4);
            Dictionary<int, bool> there = [];
            byte[] disk = device.CrashAt(
                cut,
                i =>
                {
                    if (!there.TryGetValue(i, out bool isThere))
                    {
                        // In order; all but some; some; none.
                        isThere = choice switch
                        {
                            0 => true,
                            1 => random.Next(8) != 0,
                            2 => random.Next(2) == 0,
                            _ => false,
                        };
                        there.Add(i, isThere);
                    }

                    return isThere;
                },
                tearsLast: random.Next(2) == 0
            );
            int least = states.FindLastIndex(state => state.Promised <= cut);
            await CheckAsync(disk, states, least, cut);
        }
    }

    private static async Task CheckAsync(
        byte[] disk,
        List<(int Promised, SortedDictionary<string, byte[]> State)> states,
        int least,
        int cut
    )
    {
        KeyValueStore store = await KeyValueStore.MountAsync(new MemoryBlockDevice(disk));
        Assert.Equal(0, await store.VerifyAsync());
        SortedDictionary<string, byte[]> found = await StoreModel.ReadAllAsync(store);
        int at = states.FindIndex(
            least,
            state => StoreModel.Difference(state.State, found) is null
        );
        Assert.True(
            at >= least && at <= least + 1,
            $"cut at {cut}: neither state {least} nor the next: {StoreModel.Difference(states[least].State, found)}"
        );

        // It goes on from there, and what it says is free is free.
        try
        {
            await store.SetAsync("after", StoreModel.Value(7, 1500));
        }
        catch (StoreFullException)
        {
            return;
        }

        found["after"] = StoreModel.Value(7, 1500);
        StoreModel.AssertSame(
            found,
            await StoreModel.ReadAllAsync(
                await KeyValueStore.MountAsync(new MemoryBlockDevice(disk))
            )
        );
    }
}
