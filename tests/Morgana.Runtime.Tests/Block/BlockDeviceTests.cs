using CsCheck;

namespace Morgana.Runtime.Tests;

public sealed class BlockDeviceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("morgana-block-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Only_whole_blocks_on_the_device_are_allowed() =>
        Gen.Select(
                Gen.OneOf(Gen.Long, Gen.Long[-8, 40].Select(i => i * 512), Gen.Long[0, 9000]),
                Gen.OneOf(Gen.Int[0, int.MaxValue], Gen.Int[0, 20].Select(i => i * 512)),
                Gen.Int[0, 3].Select(i => 512 << i)
            )
            .Sample(
                (offset, length, blockSize) =>
                {
                    MemoryBlockDevice device = new(new byte[8192], blockSize);
                    bool good =
                        offset >= 0
                        && (Int128)offset + length <= 8192
                        && offset % blockSize == 0
                        && length % blockSize == 0;
                    if (good)
                    {
                        BlockRange.Check(device, offset, length);
                    }
                    else
                    {
                        Assert.Throws<ArgumentOutOfRangeException>(() =>
                            BlockRange.Check(device, offset, length)
                        );
                    }
                }
            );

    [Fact]
    public async Task A_file_is_read_and_written_in_several_blocks_at_once()
    {
        string path = Disk(64 * 512);
        byte[] data = [.. Enumerable.Range(0, 5 * 512).Select(i => (byte)(i * 7))];
        using (FileBlockDevice device = FileBlockDevice.Open("disk", path))
        {
            Assert.Equal(64 * 512, device.Capacity);
            Assert.Equal(512, device.BlockSize);
            Assert.False(device.IsReadOnly);
            await device.WriteAsync(59 * 512, data, TestContext.Current.CancellationToken);
            await device.FlushAsync(TestContext.Current.CancellationToken);
        }

        using FileBlockDevice again = FileBlockDevice.Open("disk", path, 4096, FileAccess.Read);
        byte[] read = new byte[8192];
        await again.ReadAsync(
            14 * 2048,
            read.AsMemory(0, 4096),
            TestContext.Current.CancellationToken
        );
        await again.ReadAsync(24576, read, TestContext.Current.CancellationToken);
        Assert.Equal(data, read[(11 * 512)..]);
        Assert.True(again.IsReadOnly);
        BlockDeviceException refusal = await Assert.ThrowsAsync<BlockDeviceException>(async () =>
            await again.WriteAsync(0, new byte[4096], TestContext.Current.CancellationToken)
        );
        Assert.Contains("read-only", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_outside_of_a_file_is_refused_and_does_not_grow_it()
    {
        string path = Disk(1024);
        using (FileBlockDevice device = FileBlockDevice.Open("disk", path))
        {
            foreach (long offset in (long[])[512, 1024, 1536, -512, long.MaxValue - 511, 1])
            {
                _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
                    await device.WriteAsync(
                        offset,
                        new byte[1024],
                        TestContext.Current.CancellationToken
                    )
                );
            }
        }

        Assert.Equal(1024, new FileInfo(path).Length);
    }

    [Theory]
    [InlineData(0, 512, "at least one")]
    [InlineData(1000, 512, "a multiple of its blocks of 512 bytes")]
    [InlineData(512, 4096, "a multiple of its blocks of 4096 bytes")]
    [InlineData(512, 500, "a power of two")]
    public void A_file_that_cannot_be_a_disk_is_refused(int size, int blockSize, string message)
    {
        string path = Disk(size);
        HostException refusal = Assert.Throws<HostException>(() =>
            FileBlockDevice.Open("disk", path, blockSize)
        );
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = Path.Combine(_folder, "nothing");
        HostException refusal = Assert.Throws<HostException>(() =>
            FileBlockDevice.Open("disk", path)
        );
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_became_shorter_fails_and_does_not_give_what_was_in_the_buffer()
    {
        string path = Disk(4096);
        using FileBlockDevice device = FileBlockDevice.Open("disk", path);
        // .NET would not open it a second time for writing; another program does.
        using (
            System.Diagnostics.Process truncate = System.Diagnostics.Process.Start(
                "truncate",
                ["-s", "512", path]
            )
        )
        {
            await truncate.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, truncate.ExitCode);
        }

        _ = await Assert.ThrowsAsync<BlockDeviceException>(async () =>
            await device.ReadAsync(0, new byte[1024], TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_cancelled_call_moves_nothing()
    {
        using FileBlockDevice file = FileBlockDevice.Open("disk", Disk(512));
        foreach (
            IBlockDevice device in (IBlockDevice[])[file, new MemoryBlockDevice(new byte[512])]
        )
        {
            CancellationToken cancelled = new(canceled: true);
            byte[] ones = new byte[512];
            Array.Fill(ones, (byte)1);
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await device.WriteAsync(0, ones, cancelled)
            );
            byte[] read = new byte[512];
            await device.ReadAsync(0, read, TestContext.Current.CancellationToken);
            Assert.DoesNotContain((byte)1, read);
        }
    }

    private string Disk(int size)
    {
        string path = Path.Combine(_folder, $"disk{size}");
        File.WriteAllBytes(path, new byte[size]);
        return path;
    }
}
