using System.Text;

namespace Morgana.Tender.Linux;

/// <summary>Opens files by descriptors that survive exec.</summary>
internal static unsafe class LinuxFile
{
    /// <summary>Opens a file, without close-on-exec: what the tender opens, it opens for the guest or the stub.</summary>
    /// <returns>The descriptor, or a negative number with the reason in <see cref="LinuxError"/>.</returns>
    public static int Open(string path, int flags)
    {
        int size = Encoding.UTF8.GetMaxByteCount(path.Length) + 1;
        Span<byte> bytes = size <= 512 ? stackalloc byte[size] : new byte[size];
        bytes[Encoding.UTF8.GetBytes(path, bytes)] = 0;
        fixed (byte* start = bytes)
        {
            return LinuxCalls.Open(start, flags, 0);
        }
    }

    /// <summary>Writes all bytes.</summary>
    /// <returns>False with the reason in <see cref="LinuxError"/> when they could not be written.</returns>
    public static bool WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return WriteAll(descriptor, start, (ulong)bytes.Length);
        }
    }

    /// <summary>Writes all bytes.</summary>
    /// <returns>False with the reason in <see cref="LinuxError"/> when they could not be written.</returns>
    public static bool WriteAll(int descriptor, byte* start, ulong length)
    {
        ulong done = 0;
        while (done < length)
        {
            nint count = LinuxCalls.Write(descriptor, start + done, (nuint)(length - done));
            if (count > 0)
            {
                done += (ulong)count;
            }
            else if (LinuxError.Last != LinuxError.Interrupted)
            {
                return false;
            }
        }

        return true;
    }
}
