using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Morgana.Runtime;

/// <summary>
/// Names the methods of a stack for the native layer's report of a fault (<c>native/start/report.c</c>), which has addresses only.
/// It runs on a thread that the report makes, while the faulting thread stands where it fell: a wait for another thread, be it for a
/// collection, ends the image with what has been written by then.
/// </summary>
internal static unsafe class FaultReport
{
    /// <summary>Tells the native layer that there is somebody who knows names.</summary>
    internal static void Register() => Bindings.ReportWith(&Describe);

    [UnmanagedCallersOnly]
    private static void Describe(nint* addresses, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string frame = new StackTrace(Frame(addresses[i], needFileInfo: false))
                .ToString()
                .TrimEnd();
            if (frame.Length == 0)
            {
                // Code that the compiler made, which stack traces leave out.
                continue;
            }

            byte[] line = Encoding.UTF8.GetBytes(
                frame.EndsWith("<unknown>", StringComparison.Ordinal)
                    ? $"   at 0x{addresses[i]:x}, which is no C#\n"
                    : frame + '\n'
            );
            fixed (byte* text = line)
            {
                Bindings.ConsoleWrite(text, (nuint)line.Length);
            }
        }
    }

    /// <summary>The frame of an address: the framework has it for exceptions, and for nobody else.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern StackFrame Frame(nint address, bool needFileInfo);
}
