using System.Text;
using System.Text.Json;

namespace Morgana.Elf;

/// <summary>
/// <c>manifest.json</c>, the manifest as people and tools write it: an object with <c>type</c> "solo5.manifest", <c>version</c> 1 and
/// <c>devices</c>, an array of objects with <c>name</c> and <c>type</c>. The format is that of <c>solo5-elftool</c>.
/// </summary>
public static class ManifestJson
{
    private const string Type = "solo5.manifest";

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The text in UTF-8, with or without a byte order mark.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="ManifestException">It is not JSON, or not a manifest; the message has the line.</exception>
    public static Manifest Parse(ReadOnlySpan<byte> json, string name)
    {
        if (json.StartsWith("\ufeff"u8))
        {
            json = json[3..];
        }

        // A trailing comma passes solo5-elftool, so it passes here.
        var reader = new Utf8JsonReader(
            json,
            new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = 16 }
        );
        try
        {
            return new Parser(json, name).ReadRoot(ref reader);
        }
        catch (JsonException error)
        {
            long line = (error.LineNumber ?? 0) + 1;
            long column = (error.BytePositionInLine ?? 0) + 1;
            throw new ManifestException(
                $"{name}:{line}: JSON parse error at column {column}: {FirstSentence(error.Message)}",
                error
            );
        }
        catch (InvalidOperationException error)
        {
            // A string that is not valid UTF-8, or an escape that is no character.
            throw new ManifestException($"{name}: JSON parse error: {error.Message}", error);
        }
    }

    /// <summary>Prints a manifest exactly as <c>solo5-elftool query-manifest</c> does.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <returns>The text; each line ends with a line feed.</returns>
    public static string Print(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var text = new StringBuilder();
        _ = text.Append("{\n  \"type\": \"")
            .Append(Type)
            .Append("\",\n  \"version\": ")
            .Append(Manifest.Version);
        _ = text.Append(",\n  \"devices\": [\n");
        for (int i = 0; i < manifest.Devices.Count; i++)
        {
            ManifestDevice device = manifest.Devices[i];
            _ = text.Append("    { \"name\": \"")
                .Append(device.Name)
                .Append("\", \"type\": \"")
                .Append(device.TypeName);
            _ = text.Append(i == manifest.Devices.Count - 1 ? "\" }\n" : "\" },\n");
        }

        return text.Append("  ]\n}\n").ToString();
    }

    // The reader ends its messages with the position once more, which we print in front.
    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private readonly ref struct Parser(ReadOnlySpan<byte> json, string name)
    {
        private readonly ReadOnlySpan<byte> _json = json;

        public Manifest ReadRoot(ref Utf8JsonReader reader)
        {
            _ = reader.Read();
            Expect(ref reader, JsonTokenType.StartObject, "(root)");
            int line = Line(ref reader);
            string? type = null;
            int? version = null;
            List<ManifestDevice>? devices = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string? key = reader.GetString();
                int keyLine = Line(ref reader);
                _ = reader.Read();
                switch (key)
                {
                    case "type":
                        Expect(ref reader, JsonTokenType.String, ".type");
                        type = reader.GetString();
                        if (type != Type)
                        {
                            throw Error(
                                Line(ref reader),
                                $".type: invalid value, expected \"{Type}\""
                            );
                        }

                        break;
                    case "version":
                        Expect(ref reader, JsonTokenType.Number, ".version");
                        version = ReadVersion(ref reader);
                        break;
                    case "devices":
                        Expect(ref reader, JsonTokenType.StartArray, ".devices");
                        devices = ReadDevices(ref reader);
                        break;
                    default:
                        throw Error(keyLine, $"(root): unknown key: {key}");
                }
            }

            if (reader.Read())
            {
                throw Error(Line(ref reader), "something follows the manifest");
            }

            return (type, version, devices) switch
            {
                (null, _, _) => throw Error(line, "missing .type"),
                (_, null, _) => throw Error(line, "missing .version"),
                (_, _, null) => throw Error(line, "missing .devices[]"),
                _ => new Manifest(devices),
            };
        }

        private int ReadVersion(ref Utf8JsonReader reader)
        {
            if (!reader.TryGetInt64(out long version))
            {
                throw Error(Line(ref reader), ".version: expected INTEGER, got REAL");
            }

            return version == Manifest.Version
                ? Manifest.Version
                : throw Error(
                    Line(ref reader),
                    $".version: invalid version {version}, expected {Manifest.Version}"
                );
        }

        private List<ManifestDevice> ReadDevices(ref Utf8JsonReader reader)
        {
            int line = Line(ref reader);
            var devices = new List<ManifestDevice>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Expect(ref reader, JsonTokenType.StartObject, ".devices[]");
                int deviceLine = Line(ref reader);
                ManifestDevice device = ReadDevice(ref reader, deviceLine);
                if (devices.Contains(device))
                {
                    throw Error(
                        deviceLine,
                        $".devices[{devices.Count}]: there is a device of type {device.TypeName} with the name '{device.Name}' already"
                    );
                }

                devices.Add(device);
                if (devices.Count > Manifest.MostDevices)
                {
                    throw Error(
                        line,
                        $".devices[]: too many entries, maximum {Manifest.MostDevices}"
                    );
                }
            }

            return devices;
        }

        private ManifestDevice ReadDevice(ref Utf8JsonReader reader, int line)
        {
            string? name = null;
            DeviceType? type = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string? key = reader.GetString();
                int keyLine = Line(ref reader);
                _ = reader.Read();
                if (key is not ("name" or "type"))
                {
                    throw Error(keyLine, $".devices[...]: unknown key: {key}");
                }

                Expect(ref reader, JsonTokenType.String, ".devices[...]");
                string value = reader.GetString() ?? "";
                if (key == "name")
                {
                    name = CheckName(value, Line(ref reader));
                }
                else
                {
                    type =
                        ManifestDevice.TypeOf(value)
                        ?? throw Error(
                            Line(ref reader),
                            $".devices[...]: unknown device type: {value}; there are NET_BASIC and BLOCK_BASIC"
                        );
                }
            }

            if (name is null)
            {
                throw Error(line, ".devices[...]: missing .name");
            }

            return new ManifestDevice(
                name,
                type ?? throw Error(line, ".devices[...]: missing .type")
            );
        }

        private string CheckName(string value, int line)
        {
            if (value.Length == 0)
            {
                throw Error(line, ".devices[...]: .name may not be empty");
            }

            if (value.Length > ManifestDevice.LongestName)
            {
                throw Error(
                    line,
                    $".devices[...]: name too long: {value.Length} characters, at most {ManifestDevice.LongestName}"
                );
            }

            foreach (char c in value)
            {
                if (!char.IsAsciiLetterOrDigit(c))
                {
                    throw Error(
                        line,
                        $".devices[...]: name is not alphanumeric: '{value}'; use the letters A-Z, a-z and the digits 0-9"
                    );
                }
            }

            return value;
        }

        private void Expect(ref Utf8JsonReader reader, JsonTokenType expected, string where)
        {
            if (reader.TokenType != expected)
            {
                throw Error(
                    Line(ref reader),
                    $"{where}: expected {NameOf(expected)}, got {NameOf(reader.TokenType)}"
                );
            }
        }

        private static string NameOf(JsonTokenType type) =>
            type switch
            {
                JsonTokenType.StartObject => "OBJECT",
                JsonTokenType.StartArray => "ARRAY",
                JsonTokenType.String => "STRING",
                JsonTokenType.Number => "INTEGER",
                JsonTokenType.True or JsonTokenType.False => "BOOLEAN",
                JsonTokenType.Null => "NULL",
                _ => "NOTHING",
            };

        private int Line(ref Utf8JsonReader reader) =>
            _json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;

        private ManifestException Error(int line, string message) =>
            new($"{name}:{line}: {message}");
    }
}
