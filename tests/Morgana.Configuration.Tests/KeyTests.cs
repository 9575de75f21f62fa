using Morgana.Configuration.Graph;

namespace Morgana.Configuration.Tests;

public class KeyTests
{
    private static readonly KeyShape[] Keys =
    [
        Key.Flag("flag", "").Shape,
        Key.Number("number", "", -3).Shape,
        Key.OneOf("word", "", "one", "two").Shape,
        Key.Text("text", "", "as it is").Shape,
        // As a graph has it: which targets there are is no matter of the key.
        Key.Target.Shape with
        {
            Choices = [.. Target.BuiltIn.Select(target => target.Name)],
        },
    ];

    [Theory]
    [InlineData("flag", "yes", "true")]
    [InlineData("flag", "", "true")]
    [InlineData("flag", "0", "false")]
    [InlineData("number", "+08", "8")]
    [InlineData("number", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("word", "two", "two")]
    [InlineData("text", "", "")]
    [InlineData("text", "ü \"quoted\"", "ü \"quoted\"")]
    [InlineData("target", "hvt", "hvt")]
    [InlineData("target", "unix, spt,unix", "unix,spt")]
    public void Values_have_one_spelling(string key, string text, string value) =>
        Assert.Equal(
            value,
            KeyValues.From(Keys, new Dictionary<string, string> { [key] = text })[key]
        );

    [Theory]
    [InlineData("flag", "maybe", "true or false")]
    [InlineData("number", "1.5", "whole number")]
    [InlineData("number", "9223372036854775808", "whole number")]
    [InlineData("number", " 1", "whole number")]
    [InlineData("word", "three", "one, two")]
    [InlineData("text", "a\nb", "control")]
    [InlineData("target", "xen", "spt, hvt, virtio, unix")]
    [InlineData("target", "spt,xen", "no target 'xen'")]
    [InlineData("target", ",", "spt, hvt, virtio, unix")]
    [InlineData("other", "1", "flag, number, target, text, word")]
    public void What_a_value_cannot_be_is_explained(string key, string text, string part)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() =>
            KeyValues.From(Keys, new Dictionary<string, string> { [key] = text })
        );
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{key}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_stand_in()
    {
        KeyValues values = KeyValues.From(Keys, new Dictionary<string, string>());
        Assert.Equal(
            ["false", "-3", "spt", "as it is", "one"],
            values.All.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value)
        );
    }

    [Fact]
    public void A_printed_default_is_read_back()
    {
        foreach (KeyShape key in Keys)
        {
            Assert.True(key.TryRead(key.Default, out string value, out _));
            Assert.Equal(key.Default, value);
        }
    }
}
