using System.Buffers.Binary;
using Morgana.Elf;

namespace Morgana.Tender.Tests.Hostile;

/// <summary>A small hvt guest for x86-64 that does what no guest does, and how it must end.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Code">Its code.</param>
/// <param name="Message">What the tender's message must contain.</param>
/// <param name="Status">The tender's exit status.</param>
/// <param name="Output">What arrives on the console.</param>
internal sealed record HostileGuest(
    string Name,
    GuestCode Code,
    string Message,
    int Status = 1,
    string Output = ""
)
{
    private const string Ended = "the guest was ended";

    // At Data: what a hypercall takes.
    private static readonly ulong[] Fields =
    [
        // 0x00: puts of memory that is not there
        0xffff_0000,
        16,
        // 0x10: puts whose length wraps
        0x200000,
        ulong.MaxValue - 0x1f0000,
        // 0x20: block_write from outside of memory: handle, offset, data, length, result
        1,
        0,
        0x7fff_0000,
        512,
        0,
        // 0x48: block_read into code
        1,
        0,
        GuestCode.Base,
        512,
        0,
        // 0x70: net_write with a block device's handle and a huge size: handle, data, length, result
        1,
        GuestCode.Data,
        ulong.MaxValue,
        0,
        // 0x90: halt with a cookie outside of memory, status 0
        0xffff_ff00,
        0,
        // 0xa0: halt with status 7
        0,
        7,
    ];

    public static IReadOnlyList<HostileGuest> All { get; } =
    [
        new("puts-nowhere", new GuestCode().Hypercall(2, GuestCode.Data), $"{Ended}: hypercall 2"),
        new(
            "puts-wraps",
            new GuestCode().Hypercall(2, GuestCode.Data + 0x10),
            $"{Ended}: hypercall 2"
        ),
        new(
            "block-write-nowhere",
            new GuestCode().Hypercall(4, GuestCode.Data + 0x20),
            $"{Ended}: hypercall 4"
        ),
        new(
            "block-read-into-code",
            new GuestCode().Hypercall(5, GuestCode.Data + 0x48),
            "are read-only"
        ),
        new(
            "net-write-to-disk-then-halt",
            new GuestCode().Hypercall(6, GuestCode.Data + 0x70).Hypercall(8, GuestCode.Data + 0xa0),
            "",
            Status: 7
        ),
        new(
            "halt-cookie-nowhere",
            new GuestCode().Hypercall(8, GuestCode.Data + 0x90),
            $"{Ended}: hypercall 8"
        ),
        new(
            "argument-over-the-end",
            new GuestCode().Hypercall(6, (4 << 20) - 8),
            $"{Ended}: hypercall 6"
        ),
        new(
            "no-hypercall",
            new GuestCode().Hypercall(0x40, GuestCode.Data),
            "there is no hypercall 64"
        ),
        new(
            "a-port-of-hardware",
            new GuestCode().Hypercall(0x3f8 - 0x500, 65),
            "Invalid guest port access: port=0x3f8"
        ),
        // mov dx, 0x502; in eax, dx
        new(
            "reads-a-port",
            new GuestCode().Raw(0x66, 0xba, 0x02, 0x05, 0xed),
            "Invalid guest port access"
        ),
        // mov dx, 0x502; out dx, al
        new(
            "a-hypercall-of-a-byte",
            new GuestCode().Raw(0x66, 0xba, 0x02, 0x05, 0xee),
            "Invalid guest port access"
        ),
        // mov dx, 0x502; mov ecx, 1000; mov esi, Data; rep outsd: each of them is a hypercall, with the address that lies there
        new(
            "many-hypercalls-in-one",
            new GuestCode().Raw(
                0x66,
                0xba,
                0x02,
                0x05,
                0xb9,
                0xe8,
                3,
                0,
                0,
                0xbe,
                0,
                0,
                0x20,
                0,
                0xf3,
                0x6f
            ),
            $"{Ended}: hypercall 2"
        ),
        new("writes-its-code", new GuestCode().Store(GuestCode.Base), "translation fault"),
        new("writes-below-memory", new GuestCode().Store(8), Ended),
        new("reads-above-memory", new GuestCode().Load(1UL << 30), Ended),
        // hlt: no interrupt will ever come
        new("halts-the-processor", new GuestCode().Raw(0xfa, 0xf4), Ended),
        new("undefined-instruction", new GuestCode().Raw(0x0f, 0x0b), Ended),
        // mov ecx, 0xc0010114 (VM_CR); rdmsr
        new(
            "reads-a-register-of-virtualisation",
            new GuestCode().Raw(0xb9, 0x14, 0x01, 0x01, 0xc0, 0x0f, 0x32),
            Ended
        ),
        // mov ecx, 0xc0000080; rdmsr; or eax, 0x1000 (SVME); wrmsr
        new(
            "turns-virtualisation-on",
            new GuestCode().Raw(
                0xb9,
                0x80,
                0,
                0,
                0xc0,
                0x0f,
                0x32,
                0x0d,
                0,
                0x10,
                0,
                0,
                0x0f,
                0x30
            ),
            Ended
        ),
        // vmrun
        new("runs-a-machine-inside", new GuestCode().Raw(0x0f, 0x01, 0xd8), Ended),
        // mov ecx, 0xc1; rdmsr: a performance counter
        new("reads-a-counter", new GuestCode().Raw(0xb9, 0xc1, 0, 0, 0, 0x0f, 0x32), Ended),
        // mov ecx, 0x12; mov eax, Data | 1; wrmsr: KVM's clock, which would write into memory
        new(
            "asks-KVM-for-a-clock",
            new GuestCode().Raw(0xb9, 0x12, 0, 0, 0, 0xb8, 1, 0, 0x20, 0, 0x31, 0xd2, 0x0f, 0x30),
            Ended
        ),
        // mov eax, 0x80000001; cpuid; test ecx, 4 (SVM); jnz to itself; then a halt with status 7
        new(
            "looks-for-virtualisation",
            new GuestCode()
                .Raw(0xb8, 1, 0, 0, 0x80, 0x0f, 0xa2, 0xf7, 0xc1, 4, 0, 0, 0, 0x75, 0xfe)
                .Hypercall(8, GuestCode.Data + 0xa0),
            "",
            Status: 7
        ),
        // lidt of nothing, then int3: a triple fault
        new(
            "throws-its-traps-away",
            new GuestCode().Raw(0x0f, 0x01, 0x1c, 0x25, 0, 0x80, 0x20, 0, 0xcc),
            Ended
        ),
        // mov rax, Data; mov cr3, rax: page tables of zeroes
        new(
            "throws-its-pages-away",
            new GuestCode().Raw(0xb8, 0, 0x80, 0x20, 0, 0x0f, 0x22, 0xd8, 0x90),
            Ended
        ),
        // The last of all: the host is unharmed.
        new("halts", new GuestCode().Hypercall(8, GuestCode.Data + 0xa0), "", Status: 7),
    ];

    public byte[] Image()
    {
        byte[] data = new byte[Fields.Length * 8];
        for (int i = 0; i < Fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(i * 8), Fields[i]);
        }

        return TestImage
            .Empty(target: AbiTarget.Hvt)
            .Load(TestImage.Code, GuestCode.Base, Code.Bytes)
            .Load(TestImage.Data, GuestCode.Data, data, memorySize: 0x10000)
            .With(new ManifestDevice("disk", DeviceType.BlockBasic))
            .Write();
    }
}
