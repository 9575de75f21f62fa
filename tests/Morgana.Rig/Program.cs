using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

// eng/rig: one guest, one job; what the job prints comes out as it is printed, and its exit code is the program's.
// 125: the rig itself failed; 124: the time ran out; 2: the command line is wrong.
if (RigCommandLine.Parse(args, out string mistake) is not { } line)
{
    Console.Error.WriteLine(mistake);
    return 2;
}

try
{
    await using Rig rig = await Rig.StartAsync(line.Architecture);
    foreach (RigForward forward in line.Forwards)
    {
        int port = await rig.ForwardAsync(forward);
        Console.Error.WriteLine(
            $"rig: {forward.Protocol} 127.0.0.1:{port} leads to {forward.GuestAddress}:{forward.GuestPort}"
        );
    }

    if (line.Verbose)
    {
        Console.Error.WriteLine($"rig: booted in {rig.BootTime.TotalSeconds:F1} s");
    }

    using Stream output = Console.OpenStandardOutput();
    using Stream error = Console.OpenStandardError();
    await using RigJob job = await rig.StartJobAsync(
        line.Files.Select(file => RigFile.From(file.Path, file.Name)),
        line.Command,
        new RigOutput(output, error)
    );
    return (await job.WaitAsync(line.Limit)).ExitCode;
}
catch (TimeoutException)
{
    Console.Error.WriteLine($"rig: the job was killed after {line.Limit.TotalSeconds} s");
    return 124;
}
catch (Exception failure) when (failure is RigException or IOException)
{
    Console.Error.WriteLine($"rig: {failure.Message}");
    return 125;
}
