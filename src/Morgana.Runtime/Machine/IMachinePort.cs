namespace Morgana.Runtime;

/// <summary>What differs between a sealed image and an ordinary process.</summary>
internal interface IMachinePort
{
    /// <summary>The target's name.</summary>
    string Target { get; }

    /// <summary>Nanoseconds on the monotonic clock.</summary>
    long MonotonicNow { get; }

    /// <summary>Nanoseconds since 1970-01-01T00:00:00Z.</summary>
    long WallNow { get; }

    /// <summary>
    /// Sleeps until a device can be read, <see cref="Post"/> is called, or the deadline has come; other threads run
    /// meanwhile. A deadline of 0 only looks at the devices.
    /// </summary>
    /// <returns>A bit for every device that can be read, by its handle.</returns>
    ulong Wait(ulong deadline);

    /// <summary>Ends a <see cref="Wait"/> now, or the next one at once; may be called on any thread.</summary>
    void Post();

    /// <summary>Fills with random bytes.</summary>
    void Fill(Span<byte> destination);

    /// <summary>The console as a stream.</summary>
    Stream OpenConsole();

    /// <summary>A network device by its name; null when none is attached under it.</summary>
    INetwork? OpenNetwork(string name, MainLoop loop);

    /// <summary>A block device by its name; null when none is attached under it.</summary>
    IBlockDevice? OpenBlock(string name);

    /// <summary>The host's sockets; null where there are none.</summary>
    IHostSockets? OpenHostSockets(MainLoop loop);

    /// <summary>What is to be done about a device that is not attached, for whoever started the program.</summary>
    /// <param name="name">The device's name.</param>
    /// <param name="option">Its kind, as the option that attaches one calls it: "net" or "block".</param>
    string HowToAttach(string name, string option);
}
