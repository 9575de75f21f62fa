using System.Globalization;
using System.Text;
using CsCheck;
using Morgana.Build.Actions;

namespace Morgana.Build.Tests;

public sealed class ArchiveTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Members_come_out_as_they_went_in_with_short_and_long_names() =>
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 40], Gen.Byte.Array[0, 100])
            .Array[0, 12]
            .Sample(
                members =>
                {
                    Dictionary<string, byte[]> written = [];
                    foreach ((string name, byte[] content) in members)
                    {
                        written[name + ".o"] = content;
                    }

                    File.WriteAllBytes(_path, Write(written));
                    Dictionary<string, ReadOnlyMemory<byte>> read = Archive.Extract(
                        _path,
                        written.Keys.ToHashSet()
                    );
                    Assert.Equal(written.Count, read.Count);
                    foreach ((string name, byte[] content) in written)
                    {
                        Assert.Equal(content, read[name].ToArray());
                    }
                },
                iter: 300,
                threads: 1
            );

    [Fact]
    public void A_damaged_archive_is_refused_with_a_message_or_read_as_far_as_it_goes() =>
        Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 400])
            .Sample(
                (at, value, cut) =>
                {
                    byte[] bytes = Write(
                        new()
                        {
                            ["a-name-that-is-longer-than-sixteen.o"] = [1, 2, 3],
                            ["b.o"] = new byte[200],
                        }
                    );
                    bytes[at % bytes.Length] = value;
                    File.WriteAllBytes(_path, bytes[..Math.Max(0, bytes.Length - cut)]);
                    try
                    {
                        _ = Archive.Extract(
                            _path,
                            new HashSet<string> { "b.o", "a-name-that-is-longer-than-sixteen.o" }
                        );
                    }
                    catch (BuildException e)
                    {
                        Assert.Equal("MORGANA012", e.Code);
                    }
                },
                iter: 2000,
                threads: 1
            );

    [Fact]
    public void What_is_not_wanted_stays_in_the_archive()
    {
        File.WriteAllBytes(_path, Write(new() { ["a.o"] = [1], ["b.o"] = [2] }));
        Assert.Equal(["b.o"], Archive.Extract(_path, new HashSet<string> { "b.o" }).Keys);
    }

    private static byte[] Write(Dictionary<string, byte[]> members)
    {
        StringBuilder longNames = new();
        Dictionary<string, string> fields = [];
        foreach (string name in members.Keys)
        {
            if (name.Length <= 15)
            {
                fields[name] = name + "/";
                continue;
            }

            fields[name] = string.Create(CultureInfo.InvariantCulture, $"/{longNames.Length}");
            _ = longNames.Append(name).Append("/\n");
        }

        using MemoryStream stream = new();
        stream.Write("!<arch>\n"u8);
        if (longNames.Length > 0)
        {
            Member("//", Encoding.ASCII.GetBytes(longNames.ToString()));
        }

        foreach ((string name, byte[] content) in members)
        {
            Member(fields[name], content);
        }

        return stream.ToArray();

        void Member(string field, byte[] content)
        {
            string head = string.Create(
                CultureInfo.InvariantCulture,
                $"{field, -16}{0, -12}{0, -6}{0, -6}{644, -8}{content.Length, -10}`\n"
            );
            stream.Write(Encoding.ASCII.GetBytes(head));
            stream.Write(content);
            if (content.Length % 2 == 1)
            {
                stream.WriteByte((byte)'\n');
            }
        }
    }
}
