using System.Buffers.Binary;
using CsCheck;
using Morgana.Cli.Images.Disk;

namespace Morgana.Cli.Tests.Images.Disk;

public class Qcow2WriterTests
{
    private const int Cluster = Qcow2Writer.Cluster;

    [Fact]
    public void What_is_read_back_is_what_was_written_and_every_cluster_is_counted_once() =>
        Gen.Select(Gen.Int[0, 40].List[0, 12], Gen.Int[0, Cluster - 1], Gen.Int[0, 3])
            .Sample(
                (clusters, tail, far) =>
                {
                    byte[] content = new byte[
                        (clusters.Count == 0 ? 0 : clusters.Max() + 1) * Cluster + tail
                    ];
                    foreach (int cluster in clusters)
                    {
                        content.AsSpan(cluster * Cluster + cluster, 10).Fill((byte)(cluster + 1));
                    }

                    // Up to some hundred gigabytes: several second-level tables, most of them left out.
                    long size = (content.Length + 511L) / 512 * 512 + far * (100L << 30) + 512;
                    byte[] file = Write(content, size);
                    Disk disk = new(file);
                    Assert.Equal(size, disk.Size);
                    byte[] read = new byte[Math.Min(size, content.Length + 3 * Cluster)];
                    disk.Read(read);
                    Assert.True(content.AsSpan().SequenceEqual(read.AsSpan(0, content.Length)));
                    Assert.False(read.AsSpan(content.Length).ContainsAnyExcept((byte)0));
                    Assert.Equal(0, file.Length % Cluster);
                    for (int i = 0; i < file.Length / Cluster + 2; i++)
                    {
                        Assert.Equal(i < file.Length / Cluster ? 1 : 0, disk.References(i));
                    }
                },
                iter: 60
            );

    [Fact]
    public void An_empty_disk_takes_no_data() =>
        // Header, table of counts, counts, first-level table.
        Assert.Equal(4 * Cluster, Write([], 1 << 20).Length);

    private static byte[] Write(byte[] content, long size)
    {
        using MemoryStream stream = new();
        Qcow2Writer
            .WriteAsync(stream, content, size, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        return stream.ToArray();
    }

    /// <summary>Reads as the format's description says, and nothing that it does not say.</summary>
    private sealed class Disk(byte[] file)
    {
        public long Size => (long)U64(24);

        public void Read(Span<byte> to)
        {
            Assert.Equal("QFI\u00fb", string.Concat(file[..4].Select(b => (char)b)));
            Assert.Equal(16u, U32(20));
            for (int at = 0; at < to.Length; at += Cluster)
            {
                Span<byte> part = to.Slice(at, Math.Min(Cluster, to.Length - at));
                int cluster = at / Cluster;
                Assert.InRange(cluster / 8192, 0, (int)U32(36) - 1);
                ulong table = Address(U64((long)U64(40) + cluster / 8192 * 8));
                ulong data = table == 0 ? 0 : Address(U64((long)table + cluster % 8192 * 8));
                if (data == 0)
                {
                    part.Clear();
                }
                else
                {
                    file.AsSpan((int)data, part.Length).CopyTo(part);
                }
            }
        }

        public int References(long cluster)
        {
            ulong block = U64((long)U64(48) + cluster / 32768 * 8);
            return block == 0
                ? 0
                : BinaryPrimitives.ReadUInt16BigEndian(
                    file.AsSpan((int)block + (int)(cluster % 32768) * 2)
                );
        }

        private static ulong Address(ulong entry)
        {
            // Used once: what may be written in place has the highest bit.
            Assert.Equal(entry != 0, entry >> 63 == 1);
            return entry & 0x00fffffffffffe00;
        }

        private uint U32(long at) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));

        private ulong U64(long at) => BinaryPrimitives.ReadUInt64BigEndian(file.AsSpan((int)at));
    }
}
