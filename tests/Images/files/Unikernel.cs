using System.Text;
using Morgana.Runtime;
using Morgana.Storage;

namespace FilesImage;

/// <summary>Lists every embedded file with its size and digest, after it has read and checked it.</summary>
public sealed class FilesUnikernel(Stream console) : IUnikernel
{
    private readonly Site _site = new();

    /// <inheritdoc/>
    public async Task<int> RunAsync()
    {
        Say($"{_site.Count} files");
        await ListAsync("");
        Say(
            _site.TryRead("empty"u8, out ReadOnlyMemory<byte> none)
                ? $"empty: {none.Length}"
                : "no empty"
        );
        Say($"nothing: {await _site.FindAsync("nothing") is null}");
        byte[] part = new byte[4];
        Say(
            $"part: {await _site.ReadAsync("deep/er/file.txt", 2, part)} {Encoding.UTF8.GetString(part)}"
        );
        Say($"empty folder: {new Nothing().Count}");
        return 0;
    }

    private async Task ListAsync(string folder)
    {
        foreach (StoreItem item in await _site.ListAsync(folder))
        {
            string key = folder.Length == 0 ? item.Name : $"{folder}/{item.Name}";
            if (item.Kind == StoreItemKind.Folder)
            {
                await ListAsync(key);
                continue;
            }

            ReadOnlyMemory<byte> content = await _site.ReadAsync(key);
            ReadOnlyMemory<byte> digest = await _site.DigestAsync(key);
            Say(
                $"{key}|{content.Length}|{Convert.ToHexStringLower(digest.Span)}|{Hash(content.Span):x16}"
            );
        }
    }

    /// <summary>FNV-1a over what is really there: that the digests were right when the folder was read says nothing of what was embedded.</summary>
    private static ulong Hash(ReadOnlySpan<byte> content)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in content)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }

    private void Say(string line) => console.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
