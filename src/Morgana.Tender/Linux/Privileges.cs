namespace Morgana.Tender.Linux;

/// <summary>What a thread may do beyond what its open descriptors allow.</summary>
internal static unsafe class Privileges
{
    private const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int ReadBound = 23; // PR_CAPBSET_READ
    private const int DropBound = 24; // PR_CAPBSET_DROP
    private const uint CapabilityVersion = 0x20080522; // _LINUX_CAPABILITY_VERSION_3

    /// <summary>
    /// Gives up, for the calling thread: all capabilities, the ability to gain any by executing a program, and what Landlock covers. The kernel
    /// knows these by the thread, not by the process.
    /// </summary>
    /// <param name="folder">A folder, by its descriptor, in which a file may still get a name; null for none.</param>
    /// <exception cref="TenderException">The kernel refuses.</exception>
    public static void GiveUp(int? folder = null)
    {
        // Only with CAP_SETPCAP; without it nothing can be gained from the bounding set either, for no_new_privs comes next.
        for (int capability = 0; LinuxCalls.ProcessControl(ReadBound, capability, 0, 0, 0) >= 0; )
        {
            _ = LinuxCalls.ProcessControl(DropBound, capability++, 0, 0, 0);
        }

        uint* header = stackalloc uint[2];
        header[0] = CapabilityVersion;
        header[1] = 0; // this thread
        uint* sets = stackalloc uint[6];
        new Span<uint>(sets, 6).Clear();
        if (
            LinuxCalls.SetCapabilities(header, sets) < 0
            || LinuxCalls.ProcessControl(NoNewPrivileges, 1, 0, 0, 0) < 0
        )
        {
            throw new TenderException($"privileges cannot be given up: {LinuxError.LastText}");
        }

        _ = Landlock.Enter(folder);
    }
}
