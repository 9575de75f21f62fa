namespace Morgana.Runtime;

/// <summary>The machine's console: unbuffered, write-only.</summary>
internal sealed unsafe class BindingsConsole : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("A console has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A console has no position.");
        set => throw new NotSupportedException("A console has no position.");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            Bindings.ConsoleWrite(bytes, (nuint)buffer.Length);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The console is only written to.");

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("A console has no position.");

    public override void SetLength(long value) =>
        throw new NotSupportedException("A console has no length.");
}
