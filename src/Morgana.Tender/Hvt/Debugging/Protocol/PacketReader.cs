namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// Finds packets in a stream of bytes: <c>$PAYLOAD#CHECKSUM</c>, with <c>}</c> before an escaped byte (xor 0x20) and, in what a
/// stub answers, <c>*N</c> for N - 29 further copies of the byte before it ("Overview" of gdb's remote protocol).
/// </summary>
/// <param name="largest">Most bytes of a payload.</param>
/// <param name="expandsRuns">Whether <c>*</c> stands for a run: in answers it does, in a debugger's requests it is a byte like any other.</param>
internal sealed class PacketReader(int largest, bool expandsRuns = false)
{
    private const byte Start = (byte)'$';
    private const byte End = (byte)'#';
    private const byte Escape = (byte)'}';
    private const byte Run = (byte)'*';
    private const byte EscapeBit = 0x20;
    private const int RunBase = 29;
    private const int SmallestRun = 3;
    private const int LargestRun = 126 - RunBase;

    private readonly byte[] payload = new byte[largest];
    private int length;
    private byte sum;
    private int firstDigit;
    private bool isDamaged;
    private bool isTooLong;
    private State state = State.Outside;

    private enum State
    {
        Outside,
        Inside,
        Escaped,
        RunLength,
        FirstDigit,
        SecondDigit,
    }

    /// <summary>The payload of the packet that was found, until more is read.</summary>
    public ReadOnlySpan<byte> Payload => payload.AsSpan(0, length);

    /// <summary>Reads up to the end of the next thing.</summary>
    /// <param name="input">Bytes that came in; what was read is taken off.</param>
    /// <returns>What it was; <see cref="Received.Nothing"/> when the input ended before.</returns>
    public Received Read(ref ReadOnlySpan<byte> input)
    {
        for (int i = 0; i < input.Length; i++)
        {
            if (Take(input[i]) is not Received.Nothing and Received received)
            {
                input = input[(i + 1)..];
                return received;
            }
        }

        input = [];
        return Received.Nothing;
    }

    private Received Take(byte value)
    {
        switch (state)
        {
            case State.Outside:
                switch (value)
                {
                    case Start:
                        Begin();
                        break;
                    case (byte)'+':
                        return Received.Acknowledged;
                    case (byte)'-':
                        return Received.Refused;
                    case 3:
                        return Received.Interrupt;
                    default:
                        // Noise on the line.
                        break;
                }

                return Received.Nothing;
            case State.FirstDigit:
                firstDigit = HexText.Digit(value);
                state = State.SecondDigit;
                return Received.Nothing;
            case State.SecondDigit:
                state = State.Outside;
                int digit = HexText.Digit(value);
                return isDamaged || (firstDigit | digit) < 0 || (firstDigit << 4 | digit) != sum
                        ? Received.Damaged
                    : isTooLong ? Received.TooLong
                    : Received.Packet;
            default:
                TakeInside(value);
                return Received.Nothing;
        }
    }

    private void Begin()
    {
        state = State.Inside;
        length = 0;
        sum = 0;
        isDamaged = false;
        isTooLong = false;
    }

    private void TakeInside(byte value)
    {
        // Neither can stand in a payload, escaped or not: the end of the last packet was lost, or this one's.
        if (value == Start)
        {
            Begin();
            return;
        }

        if (value == End)
        {
            isDamaged |= state != State.Inside;
            state = State.FirstDigit;
            return;
        }

        sum += value;
        switch (state)
        {
            case State.Escaped:
                Append((byte)(value ^ EscapeBit), 1);
                state = State.Inside;
                break;
            case State.RunLength:
                int copies = value - RunBase;
                if (length == 0 || copies is < SmallestRun or > LargestRun)
                {
                    isDamaged = true;
                }
                else if (!isTooLong)
                {
                    Append(payload[length - 1], copies);
                }

                state = State.Inside;
                break;
            case State.Inside when value == Escape:
                state = State.Escaped;
                break;
            case State.Inside when value == Run && expandsRuns:
                state = State.RunLength;
                break;
            default:
                Append(value, 1);
                break;
        }
    }

    private void Append(byte value, int copies)
    {
        if (copies > payload.Length - length)
        {
            isTooLong = true;
            return;
        }

        payload.AsSpan(length, copies).Fill(value);
        length += copies;
    }
}
