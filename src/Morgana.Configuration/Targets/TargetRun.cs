using System.Text.Json.Serialization;

namespace Morgana.Configuration;

/// <summary>What <c>morgana run</c> does with an image of a target.</summary>
public sealed record TargetRun
{
    /// <summary>The place in a command where the image's path goes.</summary>
    public const string ImagePlace = "{image}";

    /// <summary>The place in a command where the image's own arguments go, each a word.</summary>
    public const string ArgumentsPlace = "{arguments}";

    /// <summary>How.</summary>
    [JsonInclude]
    internal RunMethod Method { get; init; }

    /// <summary>The words of the command.</summary>
    [JsonInclude]
    internal IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The image is a program: it is started as it is.</summary>
    public static TargetRun Process { get; } = new() { Method = RunMethod.Process };

    /// <summary>A Solo5 tender loads the image, with a network of its own made for it.</summary>
    public static TargetRun Tender { get; } = new() { Method = RunMethod.Tender };

    /// <summary>QEMU starts the image as a kernel with virtio devices, with a network of its own made for it.</summary>
    public static TargetRun Machine { get; } = new() { Method = RunMethod.Machine };

    /// <summary>A command, started in the folder of config.cs.</summary>
    /// <param name="words">The program and its arguments; <c>{image}</c> and <c>{arguments}</c> stand for the image's path and its own arguments.</param>
    /// <exception cref="ConfigurationException">No word is the image's.</exception>
    public static TargetRun Command(params string[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.Contains(ImagePlace)
            ? new TargetRun { Method = RunMethod.Command, Words = words }
            : throw new ConfigurationException(
                $"The command that runs an image must say where its path goes: write {ImagePlace} among the words."
            );
    }
}
