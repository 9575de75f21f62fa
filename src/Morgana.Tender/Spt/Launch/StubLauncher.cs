using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Morgana.Elf;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Spt;

/// <summary>Gives way to the stub: <c>native/tender/stub.c</c>, built with this library and embedded in it.</summary>
internal static unsafe class StubLauncher
{
    // Stub.targets names them.
    private const string ResourceName = "Morgana.Tender.spt-stub.";
    private const string EmulatedResourceName = "Morgana.Tender.spt-stub-emulated.";

    /// <summary>Replaces this process by the stub. Comes back only by an exception.</summary>
    /// <param name="plan">The launch plan.</param>
    /// <exception cref="TenderException">The kernel refuses.</exception>
    public static void Launch(ReadOnlySpan<byte> plan)
    {
        int planDescriptor = MemoryFile("morgana-plan"u8, plan, 0);
        int stub = MemoryFile(
            "morgana-spt"u8,
            ReadStub(ResourceName, GuestImage.HostMachine),
            LinuxCalls.MemoryCloseOnExec
        );

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
            $"the tender's stub cannot be started: {LinuxError.LastText}; check vm.memfd_noexec (at most 1) and that the host's kernel runs static programs of 64 bits"
        );
    }

    /// <summary>
    /// Replaces this process by an emulator that runs the other architecture's stub, with no filter and nothing taken away.
    /// Comes back only by an exception.
    /// </summary>
    /// <param name="plan">The launch plan.</param>
    /// <param name="emulator">The emulator's program, zero-terminated; looked for on the PATH when it has no slash.</param>
    /// <exception cref="TenderException">It cannot be started.</exception>
    public static void LaunchEmulated(ReadOnlySpan<byte> plan, byte* emulator)
    {
        int planDescriptor = MemoryFile("morgana-plan"u8, plan, 0);
        // The emulator opens the stub by its path, after this process's descriptors for itself are gone.
        int stub = MemoryFile(
            "morgana-spt"u8,
            ReadStub(EmulatedResourceName, GuestImage.OtherMachine),
            0
        );
        byte[] path = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{stub}\0")
        );
        byte[] number = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{planDescriptor}\0")
        );
        fixed (byte* program = path)
        fixed (byte* argument = number)
        {
            byte** arguments = stackalloc byte*[4] { emulator, program, argument, null };
            byte** environment = stackalloc byte*[1] { null };
            _ = LinuxCalls.ExecuteOnPath(emulator, arguments, environment);
        }

        throw new TenderException(
            $"the emulator {Marshal.PtrToStringUTF8((nint)emulator)} cannot be started: {LinuxError.LastText}; name an emulator of single programs in {SptTender.EmulatorVariable}, such as qemu-aarch64-static (Debian: apt-get install qemu-user-static)"
        );
    }

    private static byte[] ReadStub(string resource, ElfMachine machine)
    {
        string suffix = machine == ElfMachine.Arm64 ? "aarch64" : "x86_64";
        using Stream stream =
            typeof(StubLauncher).Assembly.GetManifestResourceStream(resource + suffix)
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
