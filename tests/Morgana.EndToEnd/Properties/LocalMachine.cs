using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Properties;

/// <summary>
/// A target whose images this machine's kernel runs: spt in its tender, unix as a program; those for arm64 under a user-mode emulator.
/// Network devices are TAPs of a namespace.
/// </summary>
internal sealed class LocalMachine(string target, bool arm64, NetworkNamespace space)
    : IPropertyMachine
{
    // A switch of tasks on this machine; an emulated program takes longer to notice that it may go on.
    private readonly int slack = arm64 ? 5 : 1;

    public string Context => $"{target}-{(arm64 ? "arm64" : "x64")}";

    public async Task<ProcessResult> RunAsync(PropertyProgram program)
    {
        DirectoryInfo folder = TemporaryFolder.Create("property");
        try
        {
            string[] words = Words(program, await OptionsAsync(program, folder));
            await using RunningProcess process = space.Start(words[0], words[1..]);
            int code = await process.ExitAsync(TimeSpan.FromMinutes(2));
            return new ProcessResult(code, process.Output, process.Errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string[]> OptionsAsync(PropertyProgram program, DirectoryInfo folder)
    {
        List<string> options = [$"--mem={Unikernel.Memory}"];
        options.AddRange(program.Networks.Select((name, index) => $"--net:{name}=tap{index}"));
        foreach (string name in program.BlockDevices)
        {
            string disk = Path.Combine(folder.FullName, name);
            await File.WriteAllBytesAsync(disk, new byte[PropertyProgram.BlockDeviceSize]);
            options.Add($"--block:{name}={disk}");
        }

        return [.. options];
    }

    private string[] Words(PropertyProgram program, string[] options)
    {
        string image = PropertyImage.Path(program, Suffix);
        string[] emulator = arm64 ? [Tool.Find("qemu-aarch64-static", "qemu-user-static")] : [];
        if (target == "unix")
        {
            return [.. emulator, image, .. options, .. program.Arguments(slack)];
        }

        // The namespace's way to start a program has no environment of its own: env(1) brings it.
        string[] environment = arm64
            ? [Tool.Find("env", "coreutils"), $"MORGANA_SPT_EMULATOR={emulator[0]}"]
            : [];
        return
        [
            .. environment,
            Repository.Tender,
            .. options,
            image,
            .. program.QuotedArguments(slack),
        ];
    }

    private string Suffix =>
        target == "spt" ? $".{(arm64 ? "arm64" : "x64")}.spt"
        : arm64 ? ".arm64"
        : "";
}
