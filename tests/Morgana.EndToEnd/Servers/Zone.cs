namespace Morgana.EndToEnd.Servers;

/// <summary>A zone to serve: its name with the final dot, and the text of its master file.</summary>
internal sealed record Zone(string Name, string Text)
{
    /// <summary>A master file with a start of authority and the given records.</summary>
    public static Zone Of(string name, string records) =>
        new(
            name,
            $"""
            $ORIGIN {name}
            $TTL 3600
            @ IN SOA ns.invalid. hostmaster.invalid. 1 7200 3600 1209600 300
            {records}

            """
        );
}
