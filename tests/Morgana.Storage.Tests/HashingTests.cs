using System.Security.Cryptography;
using CsCheck;
using Morgana.Storage.Hashing;

namespace Morgana.Storage.Tests;

public class HashingTests
{
    [Fact]
    public void Sha256_is_that_of_dotnet_in_whatever_pieces() =>
        Gen
            .Byte.Array[0, 300]
            .Array[0, 5]
            .Sample(pieces =>
            {
                Sha256 hash = new();
                foreach (byte[] piece in pieces)
                {
                    hash.Add(piece);
                }

                byte[] digest = new byte[Sha256.Size];
                hash.Finish(digest);
                Assert.Equal(SHA256.HashData(pieces.SelectMany(piece => piece).ToArray()), digest);
            });

    [Fact]
    public void Crc32C_gives_the_published_check_value()
    {
        Assert.Equal(0xe3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8a9136aau, Crc32C.Of(new byte[32]));
    }
}
