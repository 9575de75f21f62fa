using System.Runtime.InteropServices;
using Morgana.Cli.Run;
using Morgana.Cli.Run.Carriers;
using Morgana.Configuration;
using Morgana.Elf;
using Morgana.Tender.Hvt;

namespace Morgana.Cli.Tests.Run;

public sealed class CarrierTests : IDisposable
{
    private static readonly KvmReport Broken = new(false, "there is no hardware");

    private static readonly ElfMachine Own =
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? ElfMachine.Arm64 : ElfMachine.X64;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("morgana-carrier-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Hvt_without_KVM_is_refused_with_what_works_instead()
    {
        string message = Refusal(Hvt(Broken), Image(Own, AbiTarget.Hvt));
        Assert.Contains("there is no hardware", message, StringComparison.Ordinal);
        Assert.Contains("-t spt", message, StringComparison.Ordinal);
        if (Own == ElfMachine.X64)
        {
            Assert.Contains("-t virtio", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Hvt_with_KVM_is_run() =>
        Hvt(KvmReport.Good).Prepare(Image(Own, AbiTarget.Hvt), null);

    [Fact]
    public void An_hvt_image_for_another_processor_is_refused_with_what_to_do()
    {
        ElfMachine other = Own == ElfMachine.X64 ? ElfMachine.Arm64 : ElfMachine.X64;
        string message = Refusal(Hvt(KvmReport.Good), Image(other, AbiTarget.Hvt));
        Assert.Contains("--arch x64,arm64", message, StringComparison.Ordinal);
        Assert.Contains("./morgana-hvt image", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tender_that_is_named_knows_itself_what_it_needs() =>
        new TenderCarrier(
            new RunOptions { Tender = "/bin/sh" },
            Target.Hvt,
            folder.FullName,
            () => Broken
        ).Prepare(Image(Own, AbiTarget.Hvt), null);

    [Fact]
    public void Spt_wants_no_KVM() =>
        new TenderCarrier(new RunOptions(), Target.Spt, folder.FullName, () => Broken).Prepare(
            Image(Own, AbiTarget.Spt),
            null
        );

    [Fact]
    public void Virtio_without_KVM_is_emulated_and_says_so()
    {
        List<string> notes = [];
        QemuCarrier carrier = Virtio(Broken);
        string image = Image(ElfMachine.X64, AbiTarget.Virtio);
        carrier.Prepare(image, notes.Add);
        Assert.Contains("QEMU emulates", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("tcg", carrier.Command([], image, null));
    }

    [Fact]
    public void Virtio_with_KVM_uses_it()
    {
        Assert.SkipUnless(Own == ElfMachine.X64, "images of virtio are for x64");
        List<string> notes = [];
        QemuCarrier carrier = Virtio(KvmReport.Good);
        string image = Image(ElfMachine.X64, AbiTarget.Virtio);
        carrier.Prepare(image, notes.Add);
        Assert.Empty(notes);
        Assert.Contains("kvm", carrier.Command([], image, null));
    }

    [Theory]
    [InlineData(0, true, 143)]
    [InlineData(137, true, 137)]
    [InlineData(0, false, 0)]
    [InlineData(137, false, 68)]
    public void Stopped_QEMU_ends_as_a_stopped_tender_does_though_its_own_code_is_0(
        int code,
        bool stopped,
        int expected
    ) => Assert.Equal(expected, Virtio(Broken).ExitCode(code, stopped));

    [Fact]
    public void QEMUs_own_failure_is_no_exit_code_of_the_image() =>
        Assert.Throws<RunException>(() => Virtio(Broken).ExitCode(1, stopped: false));

    private static QemuCarrier Virtio(KvmReport report) =>
        new(new RunOptions { Tender = "qemu" }, () => report);

    private TenderCarrier Hvt(KvmReport report) =>
        new(new RunOptions(), Target.Hvt, folder.FullName, () => report);

    private static string Refusal(TenderCarrier carrier, string image) =>
        Assert.Throws<RunException>(() => carrier.Prepare(image, null)).Message;

    private string Image(ElfMachine machine, AbiTarget target)
    {
        string path = Path.Combine(folder.FullName, "image");
        File.WriteAllBytes(
            path,
            new ElfImageWriter(machine, 0x100000)
                .Note("Solo5", AbiNote.NoteType, new AbiNote(target, 2).ToDescriptor())
                .Note("Solo5", ManifestNote.NoteType, ManifestNote.Encode(new Manifest([])))
                .Write()
        );
        return path;
    }
}
