namespace Morgana.Tender.Hvt;

/// <summary>Why a guest stopped (<c>KVM_EXIT_*</c>).</summary>
internal enum KvmExit
{
    Unknown = 0,
    Exception = 1,
    Port = 2,
    Hypercall = 3,
    Debug = 4,
    Halt = 5,
    Mmio = 6,
    InterruptWindow = 7,
    Shutdown = 8,
    FailedEntry = 9,
    Interrupted = 10,
    InternalError = 17,
    SystemEvent = 24,
}
