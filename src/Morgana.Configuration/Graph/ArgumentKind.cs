namespace Morgana.Configuration.Graph;

/// <summary>How often a boot argument is given.</summary>
internal enum ArgumentKind
{
    Required,
    WithDefault,
    Optional,
    Repeated,
    Flag,
}
