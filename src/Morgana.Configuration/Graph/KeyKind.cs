namespace Morgana.Configuration.Graph;

/// <summary>What the values of a key are.</summary>
internal enum KeyKind
{
    Flag,
    Number,
    Text,
    OneOf,
    Target,
}
