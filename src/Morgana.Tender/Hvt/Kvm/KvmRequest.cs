using System.Runtime.Intrinsics.X86;

namespace Morgana.Tender.Hvt;

/// <summary>The numbers of the requests to <c>/dev/kvm</c> and what it opens (<c>linux/kvm.h</c>).</summary>
internal static class KvmRequest
{
    public const nuint GetApiVersion = 0xae00;
    public const nuint CreateMachine = 0xae01;
    public const nuint CheckExtension = 0xae03;
    public const nuint GetRunSize = 0xae04;
    public const nuint GetSupportedCpuid = 0xc008ae05;
    public const nuint CreateCpu = 0xae41;
    public const nuint SetMemory = 0x4020ae46;
    public const nuint SetEventDescriptor = 0x4040ae79;
    public const nuint EnableCapability = 0x4068aea3;
    public const nuint SetMsrFilter = 0x4188aec6;
    public const nuint Run = 0xae80;
    public const nuint GetRegisters = 0x8090ae81;
    public const nuint SetRegisters = 0x4090ae82;
    public const nuint GetSystemRegisters = 0x8138ae83;
    public const nuint SetSystemRegisters = 0x4138ae84;
    public const nuint SetSignalMask = 0x4004ae8b;
    public const nuint SetCpuid = 0x4008ae90;
    public const nuint GetTscKilohertz = 0xaea3;
    public const nuint GetXsave = 0x9000aea4;
    public const nuint SetXsave = 0x5000aea5;
    public const nuint GetOneRegister = 0x4010aeab;
    public const nuint SetOneRegister = 0x4010aeac;
    public const nuint InitializeCpu = 0x4020aeae; // KVM_ARM_VCPU_INIT
    public const nuint PreferredTarget = 0x8020aeaf; // KVM_ARM_PREFERRED_TARGET

    /// <summary>How a guest is debugged; the argument's size, which is a part of the number, differs by architecture.</summary>
    public static nuint SetGuestDebug => X86Base.IsSupported ? (nuint)0x4048ae9b : 0x4208ae9b;

    /// <summary>The version of the interface, which has not changed since 2007.</summary>
    public const int ApiVersion = 12;

    /// <summary>The extension by which a machine tells the rate of its time stamp counter.</summary>
    public const int TscExtension = 61;

    /// <summary>The extension by which KVM tells how many hardware breakpoints a guest's debugger has (arm64).</summary>
    public const int HardwareBreakpointsExtension = 119;

    /// <summary>The same of watchpoints.</summary>
    public const int HardwareWatchpointsExtension = 120;
}
