namespace Morgana.Configuration;

/// <summary>The ways in which images are run.</summary>
internal enum RunMethod
{
    /// <summary>The image is a program of this machine.</summary>
    Process,

    /// <summary>A Solo5 tender loads it.</summary>
    Tender,

    /// <summary>A virtual machine in QEMU, with a network of its own made for it.</summary>
    Machine,

    /// <summary>A command that the target names.</summary>
    Command,
}
