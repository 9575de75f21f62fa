using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The parameters of SVCB and HTTPS (RFC 9460 section 2.2); to go through with foreach, in increasing order of their keys.</summary>
public readonly ref struct ServiceParametersView
{
    private readonly ReadOnlySpan<byte> _parameters;

    internal ServiceParametersView(ReadOnlySpan<byte> parameters) => _parameters = parameters;

    /// <summary>The value of a key, in wire form.</summary>
    /// <returns>False when the key is not there.</returns>
    public bool TryGet(ServiceParameterKey key, out ReadOnlySpan<byte> value)
    {
        foreach (ServiceParameter parameter in this)
        {
            if (parameter.Key == key)
            {
                value = parameter.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The parameters in increasing order of their keys.</summary>
    public Enumerator GetEnumerator() => new(_parameters);

    /// <summary>Goes through the parameters.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> parameters)
        {
            _rest = parameters;
            Current = default;
        }

        /// <summary>The parameter.</summary>
        public ServiceParameter Current { get; private set; }

        /// <summary>Goes to the next parameter; false after the last.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
            Current = new ServiceParameter(
                (ServiceParameterKey)BinaryPrimitives.ReadUInt16BigEndian(_rest),
                _rest.Slice(4, length)
            );
            _rest = _rest[(4 + length)..];
            return true;
        }
    }
}

/// <summary>One parameter of SVCB or HTTPS.</summary>
public readonly ref struct ServiceParameter
{
    internal ServiceParameter(ServiceParameterKey key, ReadOnlySpan<byte> value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>The key.</summary>
    public ServiceParameterKey Key { get; }

    /// <summary>The value in wire form, 0 to 65,535 bytes.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
