using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Morgana.Runtime;

namespace ForeignStub;

/// <summary>Lets C of its own compute a checksum: stubs/crc32.c is linked into the image.</summary>
public sealed partial class ChecksumUnikernel(Stream console) : IUnikernel
{
    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        ReadOnlySpan<byte> text = "123456789"u8;
        uint crc = Crc32(text, (nuint)text.Length);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"crc32 of 123456789: {crc:x8}\n"
        );
        console.Write(Encoding.ASCII.GetBytes(line));
        return Task.FromResult(0);
    }

    /// <summary>The library is called as the ForeignStub item in foreign-stub.csproj calls it.</summary>
    [LibraryImport("checksum", EntryPoint = "crc32_of")]
    private static partial uint Crc32(ReadOnlySpan<byte> bytes, nuint length);
}
