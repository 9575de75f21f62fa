namespace Morgana.Tender.Linux;

/// <summary>The descriptors 0 to 2, which a caller may have closed.</summary>
internal static class StandardDescriptors
{
    /// <summary>Opens those that are closed: a descriptor that the tender opens must not become the guest's console.</summary>
    public static void Occupy()
    {
        for (int descriptor = 0; descriptor < 3; descriptor++)
        {
            if (LinuxCalls.Control(descriptor, LinuxCalls.GetDescriptorFlags, 0) < 0)
            {
                _ = LinuxFile.Open("/dev/null", LinuxCalls.OpenReadWrite);
            }
        }
    }
}
