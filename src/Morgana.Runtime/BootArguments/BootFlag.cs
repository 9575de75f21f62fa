namespace Morgana.Runtime;

/// <summary>An argument without a value.</summary>
internal sealed class BootFlag(
    string name,
    string[] aliases,
    string help,
    BootArgument<bool> argument
) : BootOption(name, aliases, help)
{
    public override void Read(List<string> errors) => argument.Value = GivenAs is not null;
}
