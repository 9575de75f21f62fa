using CsCheck;
using Morgana.Cli.Run.Publishing;

namespace Morgana.Cli.Tests.Run;

public sealed class FlowTableTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_full_table_gives_up_the_flow_that_was_silent_longest()
    {
        FlowTable<int, string> table = new(2, Idle);
        List<string> removed = [];
        table.Add(1, "one", Seconds(0), removed);
        table.Add(2, "two", Seconds(1), removed);
        Assert.True(table.TryUse(1, Seconds(2), out _));
        table.Add(3, "three", Seconds(3), removed);
        Assert.Equal(["two"], removed);
        Assert.True(table.TryUse(1, Seconds(4), out _));
        Assert.False(table.TryUse(2, Seconds(4), out _));
    }

    [Fact]
    public void A_silent_flow_ends_at_the_idle_time_and_a_used_one_does_not()
    {
        FlowTable<int, string> table = new(8, Idle);
        List<string> removed = [];
        table.Add(1, "silent", Seconds(0), removed);
        table.Add(2, "used", Seconds(0), removed);
        Assert.True(table.TryUse(2, Seconds(30), out _));
        table.Expire(Seconds(59.999), removed);
        Assert.Empty(removed);
        table.Expire(Seconds(60), removed);
        Assert.Equal(["silent"], removed);
        table.Expire(Seconds(90), removed);
        Assert.Equal(["silent", "used"], removed);
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Removing_does_not_touch_a_newer_flow_of_the_same_key()
    {
        FlowTable<int, string> table = new(8, Idle);
        List<string> removed = [];
        string old = new("flow".ToCharArray());
        string newer = new("flow".ToCharArray());
        table.Add(1, old, Seconds(0), removed);
        Assert.True(table.Remove(1, old));
        table.Add(1, newer, Seconds(1), removed);
        Assert.False(table.Remove(1, old));
        Assert.True(table.TryUse(1, Seconds(2), out string? found));
        Assert.Same(newer, found);
    }

    [Fact]
    public void It_behaves_like_a_list_in_order_of_use()
    {
        // Each step: what to do (0-5 use or add, 6 remove, 7 expire), a key, and how many seconds pass before it.
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 9], Gen.Int[0, 20])
            .Array[0, 200]
            .Sample(
                steps =>
                {
                    const int capacity = 5;
                    FlowTable<int, string> table = new(capacity, Idle);
                    List<(int Key, string Flow, TimeSpan Last)> model = [];
                    List<string> removed = [];
                    List<string> expected = [];
                    TimeSpan now = default;
                    foreach ((int kind, int key, int pause) in steps)
                    {
                        now += Seconds(pause);
                        int at = model.FindIndex(entry => entry.Key == key);
                        if (kind == 7)
                        {
                            table.Expire(now, removed);
                            ExpireModel();
                        }
                        else if (kind == 6)
                        {
                            string flow = at < 0 ? "none" : model[at].Flow;
                            Assert.Equal(at >= 0, table.Remove(key, flow));
                            if (at >= 0)
                            {
                                model.RemoveAt(at);
                            }
                        }
                        else if (table.TryUse(key, now, out string? used))
                        {
                            Assert.Equal(model[at].Flow, used);
                            model.RemoveAt(at);
                            model.Add((key, used, now));
                        }
                        else
                        {
                            Assert.True(at < 0);
                            string flow = $"{key}@{now}";
                            table.Add(key, flow, now, removed);
                            ExpireModel();
                            model.Add((key, flow, now));
                            while (model.Count > capacity)
                            {
                                expected.Add(model[0].Flow);
                                model.RemoveAt(0);
                            }
                        }

                        Assert.Equal(model.Count, table.Count);
                        Assert.True(table.Count <= capacity);
                        Assert.Equal(expected, removed);
                    }

                    void ExpireModel()
                    {
                        while (model.Count > 0 && now - model[0].Last >= Idle)
                        {
                            expected.Add(model[0].Flow);
                            model.RemoveAt(0);
                        }
                    }
                },
                iter: 2000
            );
    }

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);
}
