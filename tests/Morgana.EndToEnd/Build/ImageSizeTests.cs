using Morgana.EndToEnd.Images;

namespace Morgana.EndToEnd.Build;

/// <summary>
/// What images may weigh. The compiler's time grows with what it compiles, so a library that slips into every image costs each build too:
/// one mention of System.Console was a tenth of the resolver's methods, System.CommandLine was four tenths (docs/native-compile.md).
/// </summary>
public class ImageSizeTests
{
    [Theory]
    [InlineData("hello", 1_300_000)]
    [InlineData("resolver", 2_250_000)]
    public void An_image_carries_no_library_that_it_has_no_use_for(string name, long most) =>
        Assert.InRange(new FileInfo(Repository.Image($"unikernels/{name}", name)).Length, 1, most);
}
