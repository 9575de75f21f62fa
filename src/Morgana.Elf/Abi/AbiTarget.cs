namespace Morgana.Elf;

/// <summary>What kind of tender or hypervisor an image is for (<c>enum abi_target</c> of Solo5's <c>elf_abi.h</c>).</summary>
public enum AbiTarget
{
    /// <summary>The hvt tender: hardware virtualisation.</summary>
    Hvt = 1,

    /// <summary>The spt tender: a process in a seccomp sandbox.</summary>
    Spt = 2,

    /// <summary>Any virtio hypervisor.</summary>
    Virtio = 3,

    /// <summary>The Muen separation kernel.</summary>
    Muen = 4,

    /// <summary>The Genode framework.</summary>
    Genode = 5,

    /// <summary>Xen, as a PVH guest.</summary>
    Xen = 6,
}
