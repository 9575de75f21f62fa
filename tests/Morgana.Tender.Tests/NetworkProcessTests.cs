using System.Runtime.InteropServices;
using Morgana.Elf;

namespace Morgana.Tender.Tests;

/// <summary>A network device by <c>@FD</c>: a socket stands in for the TAP device, which takes root to make.</summary>
public sealed partial class NetworkProcessTests : IDisposable
{
    private const int KilledBySeccomp = 128 + 31;
    private const int UnixFamily = 1;
    private const int SequencedPackets = 5;
    private readonly int[] _pair = new int[2];

    public NetworkProcessTests() =>
        Assert.Equal(0, SocketPair(UnixFamily, SequencedPackets, 0, _pair));

    public void Dispose()
    {
        _ = Close(_pair[0]);
        _ = Close(_pair[1]);
    }

    [LibraryImport("libc", EntryPoint = "socketpair")]
    private static partial int SocketPair(int domain, int type, int protocol, [Out] int[] pair);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int descriptor, byte[] bytes, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int descriptor, byte[] bytes, nint count, int flags);

    /// <summary>Waits for a frame, reads it, sends as many bytes back as <paramref name="length"/> says, and ends with the event's handle.</summary>
    private static GuestCode Echo(int length)
    {
        int descriptor = 0x11028 + 8 + 104 + 88;
        byte[] loadDescriptor =
        [
            0x8b,
            0x3c,
            0x25,
            (byte)descriptor,
            (byte)(descriptor >> 8),
            (byte)(descriptor >> 16),
            0,
        ];
        return new GuestCode()
            .Raw(0x8b, 0x3c, 0x25, 0x20, 0x10, 0x01, 0x00) // mov edi, [epollfd]
            .Raw(0xbe, 0x00, 0x01, 0x20, 0x00, 0xba, 2, 0, 0, 0) // mov esi, Data + 256; mov edx, 2
            .Raw(0x49, 0xc7, 0xc2, 0xff, 0xff, 0xff, 0xff, 0x45, 0x31, 0xc0, 0x45, 0x31, 0xc9) // r10 = -1, r8 = r9 = 0
            .Raw(0xb8, 0x19, 1, 0, 0, 0x0f, 0x05) // epoll_pwait
            .Raw(loadDescriptor)
            .Raw(0xbe, 0x00, 0x10, 0x20, 0x00, 0xba, 0xea, 0x05, 0, 0) // mov esi, Data + 4096; mov edx, 1514
            .Raw(0x31, 0xc0, 0x0f, 0x05) // read
            .Raw(loadDescriptor)
            .Raw(0xbe, 0x00, 0x10, 0x20, 0x00, 0xba, (byte)length, (byte)(length >> 8), 0, 0)
            .Raw(0xb8, 1, 0, 0, 0, 0x0f, 0x05) // write
            .Raw(0x8b, 0x3c, 0x25, 0x04, 0x01, 0x20, 0x00) // mov edi, [Data + 256 + 4]: the event's data
            .Raw(0xb8, 231, 0, 0, 0, 0x0f, 0x05);
    }

    private (int Code, string Output, string Error) Run(int length)
    {
        byte[] frame = "frame"u8.ToArray();
        Assert.Equal(frame.Length, Send(_pair[0], frame, frame.Length, 0));
        return TenderProcess.Run(
            TestImage.Guest(Echo(length)).With(new ManifestDevice("service", DeviceType.NetBasic)),
            ["--mem=16", $"--net:service=@{_pair[1]}", "--net-mac:service=02:00:00:00:00:01"]
        );
    }

    [Fact]
    public void A_frame_wakes_the_guest_which_reads_it_and_answers()
    {
        Assert.Equal((1, "", ""), Run(5));
        byte[] answer = new byte[2000];
        Assert.Equal(5, Receive(_pair[0], answer, answer.Length, 0));
        Assert.Equal("frame"u8.ToArray(), answer[..5]);
    }

    [Fact]
    public void The_longest_frame_is_the_mtu_and_the_ethernet_header()
    {
        Assert.Equal((1, "", ""), Run(1514));
        Assert.Equal(1514, Receive(_pair[0], new byte[2000], 2000, 0));
    }

    [Fact]
    public void A_longer_frame_kills() => Assert.Equal((KilledBySeccomp, "", ""), Run(1515));

    [Fact]
    public void A_descriptor_for_two_devices_is_refused()
    {
        (int code, _, string error) = TenderProcess.Run(
            TestImage
                .Guest(Echo(5))
                .With(new("a", DeviceType.NetBasic), new ManifestDevice("b", DeviceType.NetBasic)),
            [$"--net:a=@{_pair[1]}", $"--net:b=@{_pair[1]}"]
        );
        Assert.Equal(1, code);
        Assert.Contains("network device 'b'", error);
        Assert.Contains("stands for another device already; give each device its own", error);
    }
}
