namespace Morgana.Tender.Linux;

/// <summary>
/// Landlock, by which a thread gives rights to files and networks up (<c>landlock(7)</c>). Behind the filter of system calls, which lets no file
/// be opened at all, it is the second lock on the same door.
/// </summary>
internal static unsafe class Landlock
{
    private const uint AskVersion = 1; // LANDLOCK_CREATE_RULESET_VERSION
    private const int PathBeneath = 1; // LANDLOCK_RULE_PATH_BENEATH
    private const ulong MakeRegularFile = 1 << 8; // LANDLOCK_ACCESS_FS_MAKE_REG

    /// <summary>
    /// Gives all of it up for this thread and those that it starts: no right to any file or folder, no TCP, no abstract socket of others.
    /// Descriptors that are open keep what they allow.
    /// </summary>
    /// <param name="folder">A folder, by its descriptor, in which a file may still get a name; null for none.</param>
    /// <returns>The version of the kernel's interface, 0 where there is none.</returns>
    /// <exception cref="TenderException">The kernel knows it and refuses.</exception>
    public static int Enter(int? folder = null)
    {
        int version = LinuxCalls.LandlockCreate(null, 0, AskVersion);
        if (version <= 0)
        {
            return 0;
        }

        // struct landlock_ruleset_attr: rights to files, to networks (from version 4), scopes (from 6).
        ulong* handled = stackalloc ulong[3];
        handled[0] = FileRights(version);
        handled[1] = version >= 4 ? 3UL : 0;
        handled[2] = version >= 6 ? 1UL : 0;
        nuint size =
            version >= 6 ? 24U
            : version >= 4 ? 16U
            : 8U;
        int ruleset = LinuxCalls.LandlockCreate(handled, size, 0);
        bool entered =
            ruleset >= 0
            && (folder is null || AllowNames(ruleset, folder.Value))
            && LinuxCalls.LandlockRestrict(ruleset) == 0;
        string? problem = entered ? null : LinuxError.LastText;
        if (ruleset >= 0)
        {
            _ = LinuxCalls.Close(ruleset);
        }

        return entered
            ? version
            : throw new TenderException($"Landlock version {version} refuses: {problem}");
    }

    /// <summary>Lets regular files come to be in a folder.</summary>
    private static bool AllowNames(int ruleset, int folder)
    {
        // struct landlock_path_beneath_attr, which is packed.
        byte* rule = stackalloc byte[12];
        *(ulong*)rule = MakeRegularFile;
        *(int*)(rule + 8) = folder;
        return LinuxCalls.LandlockAllow(ruleset, PathBeneath, rule) == 0;
    }

    /// <summary>The rights to files that a version of the interface knows, as bits.</summary>
    internal static ulong FileRights(int version) =>
        version switch
        {
            <= 0 => 0,
            1 => 0x1fff,
            2 => 0x3fff, // LANDLOCK_ACCESS_FS_REFER
            3 or 4 => 0x7fff, // LANDLOCK_ACCESS_FS_TRUNCATE
            _ => 0xffff, // LANDLOCK_ACCESS_FS_IOCTL_DEV
        };
}
