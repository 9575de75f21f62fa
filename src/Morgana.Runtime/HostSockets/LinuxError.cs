namespace Morgana.Runtime;

/// <summary>Linux error numbers of sockets.</summary>
internal static class LinuxError
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int TooManyDescriptors = 24;
    private const int NoMemory = 12;
    private const int TooManyDescriptorsInSystem = 23;
    private const int AddressInUse = 98;
    private const int AddressNotAvailable = 99;
    private const int NoBuffers = 105;

    /// <summary>What an error number of socket or bind means.</summary>
    public static HostSocketResult Result(int number) =>
        number switch
        {
            NotPermitted or AccessDenied => HostSocketResult.Forbidden,
            AddressInUse => HostSocketResult.Taken,
            AddressNotAvailable => HostSocketResult.NoSuchAddress,
            TooManyDescriptors or TooManyDescriptorsInSystem or NoMemory or NoBuffers =>
                HostSocketResult.Exhausted,
            _ => HostSocketResult.Failed,
        };
}
