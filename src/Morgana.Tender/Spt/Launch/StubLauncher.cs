using System.Globalization;
using System.Text;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Spt;

/// <summary>Gives way to the stub: <c>native/tender/stub.c</c>, built with this library and embedded in it.</summary>
internal static unsafe class StubLauncher
{
    private const string ResourceName = "Morgana.Tender.spt-stub";

    /// <summary>Replaces this process by the stub. Comes back only by an exception.</summary>
    /// <param name="plan">The launch plan.</param>
    /// <exception cref="TenderException">The kernel refuses.</exception>
    public static void Launch(ReadOnlySpan<byte> plan)
    {
        int planDescriptor = MemoryFile("morgana-plan"u8, plan, 0);
        int stub = MemoryFile("morgana-spt"u8, ReadStub(), LinuxCalls.MemoryCloseOnExec);

        Span<byte> number = stackalloc byte[16];
        number.Clear();
        _ = planDescriptor.TryFormat(number, out _, default, CultureInfo.InvariantCulture);
        fixed (byte* name = "morgana-spt\0"u8)
        fixed (byte* argument = number)
        {
            // No environment: the guest must not find the user's on its stack.
            byte** arguments = stackalloc byte*[3] { name, argument, null };
            byte** environment = stackalloc byte*[1] { null };
            _ = LinuxCalls.Execute(stub, arguments, environment);
        }

        throw new TenderException(
            $"the tender's stub cannot be started: {LinuxError.LastText}; check vm.memfd_noexec (at most 1) and that this host runs x86-64 programs"
        );
    }

    private static byte[] ReadStub()
    {
        using Stream stream =
            typeof(StubLauncher).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new TenderException("the tender was built without its stub: build it again");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static int MemoryFile(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content, uint flags)
    {
        int descriptor;
        fixed (byte* at = name)
        {
            // Kernels before 6.3 do not know MFD_EXEC and allow execution always.
            uint all = flags | LinuxCalls.MemoryAllowSealing;
            bool executable = (flags & LinuxCalls.MemoryCloseOnExec) != 0;
            descriptor = LinuxCalls.MemoryFile(
                at,
                executable ? all | LinuxCalls.MemoryExecutable : all
            );
            if (descriptor < 0 && executable && LinuxError.Last == LinuxError.Invalid)
            {
                descriptor = LinuxCalls.MemoryFile(at, all);
            }
        }

        return
            descriptor >= 0
            && LinuxFile.WriteAll(descriptor, content)
            && LinuxCalls.Control(descriptor, LinuxCalls.AddSeals, LinuxCalls.AllSeals) >= 0
            ? descriptor
            : throw new TenderException(
                $"{Encoding.ASCII.GetString(name)}: no file in memory: {LinuxError.LastText}; Linux 5.9 or later is needed"
            );
    }
}
