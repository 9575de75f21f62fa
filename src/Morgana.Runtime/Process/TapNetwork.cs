using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Morgana.Runtime;

/// <summary>A TAP device of Linux as a network device of an ordinary process.</summary>
internal sealed unsafe partial class TapNetwork : INetwork
{
    private const int Waiting = 256;
    private const int DefaultMtu = 1500;
    private const int HeaderLength = 14;

    // linux/if_tun.h
    private const nuint SetInterface = 0x400454ca;
    private const short TapWithoutHeader = 0x0002 | 0x1000;
    private const int RequestSize = 40;
    private const int NameSize = 16;

    private readonly ConcurrentQueue<byte[]> _received = new();
    private readonly FileStream _device;
    private readonly MainLoop _loop;
    private Action? _receiver;

    private TapNetwork(
        string name,
        FileStream device,
        MacAddress hardwareAddress,
        int mtu,
        MainLoop loop
    )
    {
        _device = device;
        _loop = loop;
        Name = name;
        HardwareAddress = hardwareAddress;
        Mtu = mtu;
    }

    public string Name { get; }

    public MacAddress HardwareAddress { get; }

    public int Mtu { get; }

    /// <summary>Opens the TAP device.</summary>
    /// <param name="name">Name of the network device.</param>
    /// <param name="tap">Name of the interface.</param>
    /// <param name="hardwareAddress">The device's address; one is drawn when it is the default.</param>
    /// <param name="loop">Where the receiver is called.</param>
    /// <exception cref="HostException">It cannot be had.</exception>
    public static TapNetwork Open(
        string name,
        string tap,
        MacAddress hardwareAddress,
        MainLoop loop
    )
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new HostException(
                $"--net:{name}={tap}: only Linux has TAP devices; without the option the host's sockets are used"
            );
        }

        if (tap.StartsWith('@') || Encoding.UTF8.GetByteCount(tap) >= NameSize)
        {
            throw new HostException(
                $"--net:{name}={tap}: write the name of a TAP device, at most {NameSize - 1} bytes long"
            );
        }

        FileStream device;
        try
        {
            device = new FileStream(
                "/dev/net/tun",
                FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.ReadWrite,
                bufferSize: 0
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                $"--net:{name}={tap}: {e.Message} It takes root or the right to use it; without the option the host's sockets are used.",
                e
            );
        }

        Span<byte> request = stackalloc byte[RequestSize];
        request.Clear();
        _ = Encoding.UTF8.GetBytes(tap, request);
        BinaryPrimitives.WriteInt16LittleEndian(request[NameSize..], TapWithoutHeader);
        fixed (byte* bytes = request)
        {
            if (IoControl(device.SafeFileHandle, SetInterface, bytes) != 0)
            {
                string reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
                device.Dispose();
                throw new HostException(
                    $"--net:{name}={tap}: {reason}. Make the device with ip tuntap add {tap} mode tap user NAME."
                );
            }
        }

        if (hardwareAddress == default)
        {
            Span<byte> drawn = stackalloc byte[MacAddress.Size];
            RandomNumberGenerator.Fill(drawn);
            // Of one station, locally given.
            drawn[0] = (byte)((drawn[0] & 0xfc) | 2);
            hardwareAddress = MacAddress.Read(drawn);
        }

        string mtu = $"/sys/class/net/{tap}/mtu";
        return new TapNetwork(
            name,
            device,
            hardwareAddress,
            File.Exists(mtu)
                ? int.Parse(File.ReadAllText(mtu), CultureInfo.InvariantCulture)
                : DefaultMtu,
            loop
        );
    }

    public bool TryReceive(Span<byte> buffer, out int length)
    {
        while (_received.TryDequeue(out byte[]? frame))
        {
            if (frame.Length <= buffer.Length)
            {
                frame.CopyTo(buffer);
                length = frame.Length;
                return true;
            }
        }

        length = 0;
        return false;
    }

    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        try
        {
            _device.Write(frame);
            return true;
        }
        catch (IOException)
        {
            // The interface is down.
            return false;
        }
    }

    public void OnReceivable(Action receiver)
    {
        if (Interlocked.Exchange(ref _receiver, receiver) is null)
        {
            // A thread of its own: reading blocks, and the program's end does not wait for it.
            new Thread(Receive) { IsBackground = true, Name = $"TAP of {Name}" }.Start();
        }
    }

    private void Receive()
    {
        byte[] frame = new byte[HeaderLength + Mtu];
        while (true)
        {
            try
            {
                int length = _device.Read(frame);
                if (length > 0 && _received.Count < Waiting)
                {
                    _received.Enqueue(frame[..length]);
                    _loop.Post(_receiver!);
                }
            }
            catch (IOException)
            {
                // The interface was taken away: nothing comes any more.
                return;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoControl(SafeFileHandle device, nuint request, byte* argument);
}
