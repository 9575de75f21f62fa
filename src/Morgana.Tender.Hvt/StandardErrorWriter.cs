using System.Runtime.InteropServices;
using System.Text;

namespace Morgana.Tender.Hvt;

/// <summary>Standard error by <c>write(2)</c>. The framework's console costs more time to start than the tender's whole work.</summary>
internal sealed unsafe partial class StandardErrorWriter : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(buffer.ToArray());
        fixed (byte* start = bytes)
        {
            for (nint done = 0; done < bytes.Length; )
            {
                nint count = WriteDescriptor(2, start + done, (nuint)(bytes.Length - done));
                if (count <= 0)
                {
                    return;
                }

                done += count;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteDescriptor(int descriptor, byte* buffer, nuint count);
}
