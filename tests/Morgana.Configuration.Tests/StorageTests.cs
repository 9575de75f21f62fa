using System.Text.Json;
using static Morgana.Configuration.Devices;

namespace Morgana.Configuration.Tests;

public class StorageTests
{
    [Fact]
    public void Stores_and_disks_are_devices()
    {
        IDevice<IBlockDevice> disk = Block("data");
        IDevice<IStore> store = KeyValueReadWrite(disk);
        SortedDictionary<string, string> files = Graphs.Files(
            Job<IReadOnlyStore, IStore, IReadOnlyStore, IFileProvider>("A.B")
                .Apply(
                    KeyValueReadOnly(Block("site")),
                    store,
                    EmbeddedFiles("My.Site"),
                    FileProvider(store)
                )
        );
        Assert.All(
            (string[])
                [
                    "global::Morgana.Runtime.IBlockDevice block = machine.OpenBlock(\"site\");",
                    "global::Morgana.Storage.IReadOnlyStore files = await global::Morgana.Storage.TarStore.OpenAsync(block);",
                    "global::Morgana.Runtime.IBlockDevice block2 = machine.OpenBlock(\"data\");",
                    "global::Morgana.Storage.IStore store = await global::Morgana.Storage.KeyValueStore.OpenAsync(block2, clock);",
                    "global::Morgana.Storage.IReadOnlyStore embedded = new global::My.Site();",
                    "global::Microsoft.Extensions.FileProviders.IFileProvider fileProvider = new global::Morgana.Storage.FileProviders.StoreFileProvider(store);",
                ],
            line => Assert.Contains(line, files["Main.cs"], StringComparison.Ordinal)
        );
        using JsonDocument manifest = JsonDocument.Parse(files["manifest.json"]);
        Assert.Equal(
            ["data BLOCK_BASIC", "site BLOCK_BASIC"],
            manifest
                .RootElement.GetProperty("devices")
                .EnumerateArray()
                .Select(d => $"{d.GetProperty("name")} {d.GetProperty("type")}")
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            (string[])["Morgana.Storage", "Morgana.Storage.FileProviders"],
            library => Assert.Contains(library, files["project.props"], StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("My.Site()")]
    [InlineData("")]
    public void An_embedded_folder_is_named_by_its_class(string name) =>
        Assert.Throws<ConfigurationException>(() => EmbeddedFiles(name));
}
