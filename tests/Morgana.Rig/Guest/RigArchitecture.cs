namespace Morgana.Rig.Guest;

/// <summary>The machines that the rig emulates.</summary>
public enum RigArchitecture
{
    /// <summary>x86-64 with AMD's virtualisation (SVM), which is the one that QEMU emulates.</summary>
    X64,

    /// <summary>arm64 with exception level 2.</summary>
    Arm64,
}
