namespace Morgana.Runtime;

/// <summary>What the bindings say of a block device (native/include/morgana_block.h).</summary>
[Flags]
internal enum BlockFlags : uint
{
    None = 0,
    ReadOnly = 1,
}
