using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

public static partial class Devices
{
    /// <summary>A block device: a disk.</summary>
    /// <param name="name">Its name in the manifest and for the tender's <c>--block:NAME=FILE</c>: 1 to 67 letters and digits.</param>
    public static IDevice<IBlockDevice> Block(string name) =>
        Define<IBlockDevice>(
                "block",
                $"machine.OpenBlock(\"{name}\")",
                BlockSlot(name),
                DriverSlot("block")
            )
            .Apply();

    /// <summary>The files of a tar archive on a disk, which is not changed. <c>morgana image --tar</c> makes one.</summary>
    /// <param name="block">The disk.</param>
    public static IDevice<IReadOnlyStore> KeyValueReadOnly(IDevice<IBlockDevice> block) =>
        Define<IReadOnlyStore, IBlockDevice>(
                "files",
                "await global::Morgana.Storage.TarStore.OpenAsync({0})",
                Library("Morgana.Storage")
            )
            .Apply(block);

    /// <summary>
    /// A store on a disk that can be changed, and survives a crash at any moment. <c>morgana image --store</c> makes one; a disk of
    /// nothing but zeros becomes an empty one when it is first opened.
    /// </summary>
    /// <param name="block">The disk.</param>
    /// <param name="clock">What says when a value was changed last.</param>
    public static IDevice<IStore> KeyValueReadWrite(
        IDevice<IBlockDevice> block,
        IDevice<IClock>? clock = null
    ) =>
        Define<IStore, IBlockDevice, IClock>(
                "store",
                "await global::Morgana.Storage.KeyValueStore.OpenAsync({0}, {1})",
                Library("Morgana.Storage")
            )
            .Apply(block, clock ?? DefaultClock);

    /// <summary>A folder that a step of the build has written into the program (the tool Morgana.Crunch, see docs/storage.md).</summary>
    /// <param name="className">Full name of the class that the step writes, as in MySite.Files.</param>
    public static IDevice<IReadOnlyStore> EmbeddedFiles(string className)
    {
        NameRules.CheckClass(className);
        return Define<IReadOnlyStore>(
                "embedded",
                $"new global::{className}()",
                Library("Morgana.Storage")
            )
            .Apply();
    }

    /// <summary>A store as files for ASP.NET Core's static files and for other libraries of .NET.</summary>
    /// <param name="store">The store; when it can be changed, change tokens tell of it.</param>
    public static IDevice<IFileProvider> FileProvider(IDevice<IReadOnlyStore> store) =>
        Define<IFileProvider, IReadOnlyStore>(
                "fileProvider",
                "new global::Morgana.Storage.FileProviders.StoreFileProvider({0})",
                Library("Morgana.Storage.FileProviders")
            )
            .Apply(store);
}
