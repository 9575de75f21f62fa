using System.Runtime.InteropServices;
using Morgana.Cli.Run.Images;
using Morgana.Configuration;
using Morgana.Elf;
using Morgana.Tender.Hvt;

namespace Morgana.Cli.Run.Carriers;

/// <summary>A Solo5 tender, of the targets spt and hvt.</summary>
internal sealed class TenderCarrier : ICarrier
{
    private readonly RunOptions options;
    private readonly Target target;
    private readonly IReadOnlyList<string> tender;
    private readonly Func<KvmReport> measure;

    /// <param name="options">The command line.</param>
    /// <param name="target">spt or hvt.</param>
    /// <param name="toolFolder">Where the tool lies, beside which or above which the tenders are.</param>
    /// <param name="measure">Tries this machine's KVM.</param>
    /// <exception cref="RunException">There is no such tender.</exception>
    public TenderCarrier(
        RunOptions options,
        Target target,
        string toolFolder,
        Func<KvmReport> measure
    )
    {
        (this.options, this.target, this.measure) = (options, target, measure);
        tender = ImageLocation.FindTender(options.Tender, target.Name, toolFolder);
    }

    /// <inheritdoc/>
    public string Name => "tender";

    /// <inheritdoc/>
    public bool KeepsInput => true;

    /// <inheritdoc/>
    public void Prepare(string image, Action<string>? note)
    {
        // Another tender that is named knows itself what it needs.
        if (target != Target.Hvt || options.Tender is not null)
        {
            return;
        }

        bool arm = RuntimeInformation.OSArchitecture == Architecture.Arm64;
        (string its, string ours) = arm ? ("x64", "arm64") : ("arm64", "x64");
        if (ImageManifest.Machine(image) != (arm ? ElfMachine.Arm64 : ElfMachine.X64))
        {
            throw new RunException(
                $"{image} is for {its}, and this machine is {ours}: KVM emulates no other processor. Copy it together with the tender for {its} "
                    + $"(tender/linux-{its}/morgana-hvt, made by eng/build-tenders {its}: one file that needs nothing else) to an {its} machine with KVM, and start it there: "
                    + $"./morgana-hvt {Path.GetFileName(image)}. To run the unikernel here, build it for {ours} as well: morgana configure -t hvt --arch x64,arm64"
            );
        }

        KvmReport report = measure();
        if (!report.Works)
        {
            throw new RunException(
                $"The target hvt needs KVM, and {report.Problem}. What runs here without it: -t spt (a sandboxed process, as fast)"
                    + (arm ? "." : " and -t virtio (QEMU emulates the machine).")
            );
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Command(
        IReadOnlyList<ManifestDevice> devices,
        string image,
        DeviceArgument? made
    ) => TenderCommand.Build(tender, options, image, made);

    /// <inheritdoc/>
    public int ExitCode(int code, bool stopped) => code;
}
