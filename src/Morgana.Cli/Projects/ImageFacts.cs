using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Morgana.Elf;

namespace Morgana.Cli.Projects;

/// <summary>What stands in an image file: segments, sections, the notes for its tender.</summary>
internal sealed class ImageFacts
{
    private const uint NoBits = 8;

    private readonly string _name;
    private readonly ElfFile _file;
    private readonly ElfSection[] _sections;
    private readonly AbiNote? _abi;
    private readonly IReadOnlyList<ManifestDevice> _devices;

    /// <summary>Reads an image.</summary>
    /// <param name="file">The image.</param>
    /// <param name="name">What the answer calls it.</param>
    /// <exception cref="ElfException">It is none.</exception>
    public ImageFacts(ElfFile file, string name)
    {
        _file = file;
        _name = name;
        _sections = [.. file.ReadSections().Where(s => s.Type != 0)];
        _abi = AbiNote.Find(file);
        _devices = _abi is null ? [] : ManifestNote.Find(file)?.Devices ?? [];
    }

    /// <summary>For people.</summary>
    public string Text()
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{_name}: {_file.Source.Length:N0} bytes, {Machine}, entry 0x{_file.Entry:x}\n"
        );
        if (_abi is AbiNote abi)
        {
            text.Append($"made for {abi.TargetName}, ABI {abi.Version}\n");
            text.Append(
                _devices.Count == 0
                    ? "no devices\n"
                    : $"devices: {string.Join(", ", _devices.Select(d => $"{d.Name} ({d.TypeName})"))}\n"
            );
        }
        else
        {
            text.Append("a program of the host: it has no note for a tender\n");
        }

        text.Append("\nSegments                       address       in file     in memory\n");
        foreach (ElfSegment s in _file.Segments)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {s.Type, -12} {Flags(s.Flags), -5} {"0x" + s.Address.ToString("x", CultureInfo.InvariantCulture), 15} {s.FileSize, 13:N0} {s.MemorySize, 13:N0}\n"
            );
        }

        text.Append("\nSections                       address       in file     in memory\n");
        foreach (ElfSection s in _sections)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {s.Name, -18} {"0x" + s.Address.ToString("x", CultureInfo.InvariantCulture), 15} {(s.Type == NoBits ? 0 : s.Size), 13:N0} {((s.Flags & 2) != 0 ? s.Size : 0), 13:N0}\n"
            );
        }

        return text.ToString();
    }

    /// <summary>For programs; docs/query.md describes the members.</summary>
    public JsonObject Json() =>
        new()
        {
            ["image"] = _name,
            ["bytes"] = _file.Source.Length,
            ["machine"] = Machine,
            ["entry"] = _file.Entry,
            ["abi"] = _abi is AbiNote abi
                ? new JsonObject { ["target"] = abi.TargetName, ["version"] = abi.Version }
                : null,
            ["devices"] = new JsonArray([
                .. _devices.Select(d =>
                    (JsonNode)new JsonObject { ["name"] = d.Name, ["type"] = d.TypeName }
                ),
            ]),
            ["segments"] = new JsonArray([
                .. _file
                    .Segments.ToArray()
                    .Select(s =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["type"] = s.Type.ToString(),
                                ["flags"] = Flags(s.Flags),
                                ["address"] = s.Address,
                                ["fileBytes"] = s.FileSize,
                                ["memoryBytes"] = s.MemorySize,
                            }
                    ),
            ]),
            ["sections"] = new JsonArray([
                .. _sections.Select(s =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = s.Name,
                            ["address"] = s.Address,
                            ["bytes"] = s.Size,
                            ["inFile"] = s.Type != NoBits,
                        }
                ),
            ]),
        };

    private string Machine =>
        _file.Machine switch
        {
            ElfMachine.X64 => "x64",
            ElfMachine.Arm64 => "arm64",
            _ => ((int)_file.Machine).ToString(CultureInfo.InvariantCulture),
        };

    private static string Flags(ElfSegmentFlags flags) =>
        string.Concat(
            flags.HasFlag(ElfSegmentFlags.Read) ? 'r' : '-',
            flags.HasFlag(ElfSegmentFlags.Write) ? 'w' : '-',
            flags.HasFlag(ElfSegmentFlags.Execute) ? 'x' : '-'
        );
}
