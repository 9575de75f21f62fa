using System.Globalization;
using System.Text;
using Microsoft.Extensions.FileProviders;
using Morgana.Runtime;
using Morgana.Storage;

namespace StoreImage;

/// <summary>Does to its disks what its arguments say, and says what came of it.</summary>
public sealed class StoreUnikernel(
    Stream console,
    IStore store,
    IReadOnlyStore site,
    IFileProvider files,
    IReadOnlyList<string> doing
) : IUnikernel
{
    /// <inheritdoc/>
    public async Task<int> RunAsync()
    {
        foreach (string what in doing)
        {
            int colon = what.IndexOf(':', StringComparison.Ordinal);
            await DoAsync(colon < 0 ? what : what[..colon], colon < 0 ? "" : what[(colon + 1)..]);
        }

        return 0;
    }

    private async Task DoAsync(string verb, string text)
    {
        switch (verb)
        {
            case "set":
                string[] pair = text.Split('=', 2);
                await store.SetAsync(pair[0], Encoding.UTF8.GetBytes(pair[1]));
                Say($"set {pair[0]}");
                break;
            case "get":
                Say(
                    await store.FindAsync(text) is null
                        ? $"no {text}"
                        : $"{text} = {Encoding.UTF8.GetString((await store.ReadAsync(text)).Span)}"
                );
                break;
            case "delete":
                Say($"deleted {text}: {await store.DeleteAsync(text)}");
                break;
            case "list":
                Say(
                    string.Join(
                        ' ',
                        (await store.ListAsync(text)).Select(item =>
                            $"{item.Name}:{item.Kind}:{item.Size}"
                        )
                    )
                );
                break;
            case "fill":
                await FillAsync(int.Parse(text, CultureInfo.InvariantCulture));
                break;
            case "spin":
                // Batches of two keys with one value, until somebody ends it.
                for (int i = 0; ; i++)
                {
                    byte[] value = Value(i);
                    await using IStoreBatch batch = await store.BeginAsync();
                    await batch.SetAsync("spin/one", value);
                    await batch.SetAsync("spin/two", value);
                    await batch.CommitAsync();
                    if (i % 50 == 0)
                    {
                        Say($"round {i}");
                    }

                    // Timers and other work of the loop get their turn.
                    await Task.Yield();
                }

            case "spun":
                ReadOnlyMemory<byte> one = await store.ReadAsync("spin/one");
                ReadOnlyMemory<byte> two = await store.ReadAsync("spin/two");
                Say($"both the same: {one.Span.SequenceEqual(two.Span)}");
                break;
            case "count":
                StoreUsage usage = store.Usage;
                Say(
                    $"{usage.Keys} values with {usage.ValueBytes} bytes, generation {usage.Generation}"
                );
                break;
            case "check":
                Say($"damaged: {await ((KeyValueStore)store).VerifyAsync(Say)}");
                break;
            case "site":
                ReadOnlyMemory<byte> digest = await site.DigestAsync(text);
                Say(
                    $"site {text}: {(await site.ReadAsync(text)).Length} {Convert.ToHexStringLower(digest.Span)}"
                );
                break;
            case "file":
                using (StreamReader reader = new(files.GetFileInfo(text).CreateReadStream()))
                {
                    Say($"file {text} = {await reader.ReadToEndAsync()}");
                }

                break;
            default:
                Say($"what is '{verb}'?");
                break;
        }
    }

    private async Task FillAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await store.SetAsync($"fill/{i}", Value(i));
        }

        for (int i = 0; i < count; i++)
        {
            if (!(await store.ReadAsync($"fill/{i}")).Span.SequenceEqual(Value(i)))
            {
                Say($"fill/{i} is wrong");
            }
        }

        Say($"filled {count}");
    }

    private static byte[] Value(int number)
    {
        byte[] value = new byte[number * 977 % 20_000];
        Array.Fill(value, (byte)number);
        return value;
    }

    private void Say(string line) => console.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
