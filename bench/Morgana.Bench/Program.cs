using Morgana.Bench.Start;

return args switch
{
    ["start", .. var rest] => StartBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "usage: Morgana.Bench start [--runs N]   (from the root of the checkout, after ./demo)"
    );
    return 2;
}
