using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;
using Morgana.EndToEnd.Virtio;

namespace Morgana.EndToEnd.Properties;

/// <summary>The target virtio in QEMU's software emulation. Network devices are TAPs of a namespace.</summary>
internal sealed class VirtioMachine(NetworkNamespace space) : IPropertyMachine
{
    /// <summary>Milliseconds that an emulated processor may take longer to wake up.</summary>
    private const int Slack = 20;

    public string Context => "virtio-x64";

    public async Task<ProcessResult> RunAsync(PropertyProgram program)
    {
        DirectoryInfo folder = TemporaryFolder.Create("property");
        try
        {
            QemuMachine machine = new()
            {
                Kernel = PropertyImage.Path(program, ".x64.virtio"),
                Arguments = string.Join(' ', program.QuotedArguments(Slack)),
            };
            foreach ((int index, string _) in program.Networks.Index())
            {
                machine.AddTap($"tap{index}");
            }

            foreach (string name in program.BlockDevices)
            {
                string disk = Path.Combine(folder.FullName, name);
                await File.WriteAllBytesAsync(disk, new byte[PropertyProgram.BlockDeviceSize]);
                machine.AddDisk(disk);
            }

            return await machine.RunAsync(space);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
