namespace Morgana.Build.Diagnostics;

/// <summary>What an image has in place of the native libraries that parts of .NET stand on elsewhere.</summary>
internal static class NativeRemedies
{
    private static readonly (string Assembly, string Remedy)[] Known =
    [
        (
            "System.IO.Compression.Brotli",
            "an image has no Brotli: compress outside of it, or take a library that is written in C#"
        ),
        (
            "System.IO.Compression",
            "an image has no zlib: compress outside of it, or take a library that is written in C#, such as SharpZipLib from NuGet"
        ),
        (
            "System.Net.Sockets",
            "an image has no sockets of a host: take a device of Morgana.Net, such as IUdp, in config.cs and in the constructor"
        ),
        (
            "System.Net.NameResolution",
            "an image has no resolver of a host: ask a name server with Morgana.Dns over a device of Morgana.Net"
        ),
        (
            "System.Net.NetworkInformation",
            "an image has no interfaces of a host: its addresses are those of the stack's device in config.cs"
        ),
        (
            "System.Net.Http",
            "an image has no sockets of a host: there is no HTTP over Morgana.Net yet"
        ),
        (
            "System.Net.Security",
            "an image has no OpenSSL: take a TLS library that is written in C#, such as BouncyCastle.Cryptography from NuGet"
        ),
        (
            "System.Security.Cryptography",
            "an image has no OpenSSL: take a library that is written in C#, such as BouncyCastle.Cryptography from NuGet; random numbers come from the device IRandom"
        ),
        (
            "System.Diagnostics.Process",
            "an image is the only program of its machine: it cannot start another"
        ),
        (
            "System.IO.Pipes",
            "an image is the only program of its machine: there is nobody at the other end of a pipe"
        ),
        (
            "System.IO.FileSystem.Watcher",
            "an image has no files: what it reads is embedded, or comes from a device"
        ),
        (
            "System.IO.MemoryMappedFiles",
            "an image has no files: what it reads is embedded, or comes from a device"
        ),
        ("System.IO.Ports", "an image has no serial ports"),
    ];

    /// <summary>For the .NET library of this name: what is not there, and what to do.</summary>
    public static string For(string assembly) =>
        Known.FirstOrDefault(k => k.Assembly == assembly).Remedy
        ?? "an image has only .NET's own runtime and what native/ brings: take a library that is written in C#, or a device";
}
