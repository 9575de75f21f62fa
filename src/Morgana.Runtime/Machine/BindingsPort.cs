using System.Runtime.InteropServices;
using System.Text;

namespace Morgana.Runtime;

/// <summary>A sealed image: everything comes through the bindings.</summary>
internal sealed unsafe class BindingsPort : IMachinePort
{
    public BindingsPort() => FaultReport.Register();

    public static string TargetName => Marshal.PtrToStringUTF8((nint)Bindings.Target()) ?? "";

    public string Target => TargetName;

    public long MonotonicNow => (long)Bindings.ClockMonotonic();

    public long WallNow => (long)Bindings.ClockWall();

    public ulong Wait(ulong deadline) => Bindings.Wait(deadline);

    public void Post() => Bindings.Post();

    public void Fill(Span<byte> destination)
    {
        fixed (byte* bytes = destination)
        {
            Bindings.EntropyFill(bytes, (nuint)destination.Length);
        }
    }

    public Stream OpenConsole() => new BindingsConsole();

    public INetwork? OpenNetwork(string name, MainLoop loop)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        byte[] text = Encoding.UTF8.GetBytes(name + '\0');
        ulong handle;
        Solo5NetInfo info;
        fixed (byte* pointer = text)
        {
            if (Bindings.NetAcquire(pointer, &handle, &info) != Solo5Result.Ok)
            {
                return null;
            }
        }

        return new BindingsNetwork(
            name,
            handle,
            MacAddress.Read(new ReadOnlySpan<byte>(info.HardwareAddress, MacAddress.Size)),
            (int)info.Mtu,
            loop
        );
    }

    public IBlockDevice? OpenBlock(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name + '\0');
        ulong handle;
        Solo5BlockInfo info;
        fixed (byte* pointer = text)
        {
            if (Bindings.BlockAcquire(pointer, &handle, &info) != Solo5Result.Ok)
            {
                return null;
            }
        }

        if (
            info.BlockSize > BlockRange.LargestBlock
            || !BlockRange.IsBlockSize((int)info.BlockSize)
            || info.Capacity > long.MaxValue
        )
        {
            throw new HostException(
                $"The block device '{name}' has {info.Capacity} bytes in blocks of {info.BlockSize}: blocks must have 512 to 32768 bytes, a power of two."
            );
        }

        return new BindingsBlock(
            name,
            handle,
            (int)info.BlockSize,
            // What lies behind the last whole block can be neither read nor written.
            (long)(info.Capacity - info.Capacity % info.BlockSize),
            (Bindings.BlockFlags(handle) & BlockFlags.ReadOnly) != 0
        );
    }

    public IHostSockets? OpenHostSockets(MainLoop loop) =>
        Bindings.SocketsAvailable() ? new BindingsSockets(loop) : null;

    public string HowToAttach(string name, string option) =>
        $"the image's manifest does not name one, or none was attached (--{option}:{name}=...)";
}
