using System.Text;

namespace Morgana.Tender.Linux;

/// <summary>Standard error by <c>write(2)</c>. The framework's console costs more time to start than the tender's whole work.</summary>
public sealed class StandardErrorWriter : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) =>
        _ = LinuxFile.WriteAll(2, Encoding.UTF8.GetBytes(buffer.ToArray()));
}
