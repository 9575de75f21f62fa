// Makes the folder that the image embeds: names and sizes that a repository would rather not hold. The test knows the same contents.
string site = Path.GetFullPath(args[0]);
Directory.CreateDirectory(Path.Combine(site, "deep", "er"));
Directory.CreateDirectory(Path.GetFullPath(args[1]));
Write("empty", []);
Write("a file with spaces.txt", "spaces"u8);
Write("quote'quote.txt", "quote"u8);
Write("ünïcode-日本.txt", "日本"u8);
Write("deep/er/file.txt", "deeper"u8);
Write("deep-er.txt", "beside"u8);
byte[] big = new byte[3_000_001];
for (int i = 0; i < big.Length; i++)
{
    big[i] = (byte)((i * 31) ^ (i >> 8));
}

Write("big.bin", big);
File.WriteAllText(
    args[2],
    $"{Environment.GetEnvironmentVariable("SITE_NOTE")} {Environment.Version.Major}\n"
);

void Write(string name, ReadOnlySpan<byte> content) =>
    File.WriteAllBytes(Path.Combine(site, name), content);
