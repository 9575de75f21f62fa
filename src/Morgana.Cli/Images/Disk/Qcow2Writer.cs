using System.Buffers.Binary;

namespace Morgana.Cli.Images.Disk;

/// <summary>
/// Writes QEMU's qcow2 format, version 3 (QEMU's docs/interop/qcow2.txt): clusters of 64 KiB; those that are zero are not stored. In the
/// file stand header, table of reference counts, reference counts, first-level table, second-level tables, data.
/// </summary>
internal static class Qcow2Writer
{
    /// <summary>Bytes of a cluster.</summary>
    public const int Cluster = 1 << ClusterBits;

    private const int ClusterBits = 16;
    private const int HeaderSize = 104;
    private const ulong Copied = 1UL << 63; // the cluster is used once
    private const int CountsInCluster = Cluster / 2; // of 16 bits
    private const int EntriesInCluster = Cluster / 8;

    /// <summary>Writes a disk.</summary>
    /// <param name="stream">The file; it can be sought.</param>
    /// <param name="content">The disk's first bytes; all behind them are zero.</param>
    /// <param name="size">Bytes of the disk, whole sectors.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WriteAsync(
        Stream stream,
        ReadOnlyMemory<byte> content,
        long size,
        CancellationToken cancellation
    )
    {
        List<int> stored = Stored(content.Span);
        int tables = (int)Ceiling(Ceiling(size, Cluster), EntriesInCluster);
        int firstTable = (int)Ceiling(tables, EntriesInCluster);
        // Second-level tables without an entry are left out.
        int[] used = [.. stored.Select(cluster => cluster / EntriesInCluster).Distinct()];
        long fixedClusters = 2 + firstTable + used.Length + stored.Count;
        long counts = 1;
        while (counts * CountsInCluster < fixedClusters + counts)
        {
            counts++;
        }

        long firstTableAt = 2 + counts;
        long secondAt = firstTableAt + firstTable;
        long dataAt = secondAt + used.Length;
        long total = dataAt + stored.Count;

        byte[] meta = new byte[dataAt * Cluster];
        WriteHeader(meta, size, firstTableAt, tables);
        for (int i = 0; i < counts; i++)
        {
            Entry(meta, Cluster, i, (ulong)(2 + i) * Cluster);
        }

        for (int i = 0; i < total; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(meta.AsSpan(2 * Cluster + i * 2), 1);
        }

        for (int i = 0; i < used.Length; i++)
        {
            Entry(meta, firstTableAt * Cluster, used[i], (ulong)(secondAt + i) * Cluster | Copied);
        }

        for (int i = 0; i < stored.Count; i++)
        {
            int table = Array.IndexOf(used, stored[i] / EntriesInCluster);
            Entry(
                meta,
                (secondAt + table) * Cluster,
                stored[i] % EntriesInCluster,
                (ulong)(dataAt + i) * Cluster | Copied
            );
        }

        await stream.WriteAsync(meta, cancellation).ConfigureAwait(false);
        foreach (int cluster in stored)
        {
            ReadOnlyMemory<byte> rest = content[(cluster * Cluster)..];
            await stream
                .WriteAsync(rest[..Math.Min(Cluster, rest.Length)], cancellation)
                .ConfigureAwait(false);
        }

        stream.SetLength(total * Cluster);
    }

    private static List<int> Stored(ReadOnlySpan<byte> content)
    {
        List<int> stored = [];
        for (int at = 0; at < content.Length; at += Cluster)
        {
            if (
                content.Slice(at, Math.Min(Cluster, content.Length - at)).ContainsAnyExcept((byte)0)
            )
            {
                stored.Add(at / Cluster);
            }
        }

        return stored;
    }

    private static void WriteHeader(Span<byte> header, long size, long firstTableAt, int tables)
    {
        "QFI"u8.CopyTo(header);
        header[3] = 0xfb;
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], 3);
        BinaryPrimitives.WriteUInt32BigEndian(header[20..], ClusterBits);
        BinaryPrimitives.WriteUInt64BigEndian(header[24..], (ulong)size);
        BinaryPrimitives.WriteUInt32BigEndian(header[36..], (uint)tables);
        BinaryPrimitives.WriteUInt64BigEndian(header[40..], (ulong)(firstTableAt * Cluster));
        BinaryPrimitives.WriteUInt64BigEndian(header[48..], Cluster);
        BinaryPrimitives.WriteUInt32BigEndian(header[56..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(header[96..], 4); // counts of 16 bits
        BinaryPrimitives.WriteUInt32BigEndian(header[100..], HeaderSize);
    }

    private static void Entry(byte[] meta, long table, int index, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(meta.AsSpan((int)table + index * 8), value);

    private static long Ceiling(long value, long unit) => (value + unit - 1) / unit;
}
