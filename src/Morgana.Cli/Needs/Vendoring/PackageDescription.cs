using System.Xml;
using System.Xml.Linq;
using Morgana.Cli.Needs.Packages;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>What a package says of itself in its .nuspec.</summary>
internal sealed record PackageDescription
{
    /// <summary>Address of the repository with its sources; empty when it names none.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The commit it was built from; empty when it names none.</summary>
    public string Commit { get; init; } = "";

    /// <summary>Its licence as an SPDX expression; empty when it has none of that kind.</summary>
    public string LicenceExpression { get; init; } = "";

    /// <summary>The file in the package that is its licence; empty when there is none.</summary>
    public string LicenceFile { get; init; } = "";

    /// <summary>The address of its licence, as older packages have it.</summary>
    public string LicenceAddress { get; init; } = "";

    /// <summary>Who made it.</summary>
    public string Authors { get; init; } = "";

    /// <summary>What it is.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its licence in one word or address; empty when it says nothing.</summary>
    public string Licence =>
        LicenceExpression.Length > 0 ? LicenceExpression
        : LicenceFile.Length > 0 ? LicenceFile
        : LicenceAddress;

    /// <summary>Reads the description of a package; what cannot be read is empty.</summary>
    public static PackageDescription Read(InstalledPackage package)
    {
        try
        {
            string path = Path.Combine(package.Folder, package.Id.ToLowerInvariant() + ".nuspec");
            XElement? metadata = XDocument
                .Load(path)
                .Root?.Elements()
                .FirstOrDefault(e => e.Name.LocalName == "metadata");
            XElement? repository = Element("repository");
            XElement? licence = Element("license");
            string Text(XElement? element) => element?.Value.Trim() ?? "";
            XElement? Element(string name) =>
                metadata?.Elements().FirstOrDefault(e => e.Name.LocalName == name);
            return new PackageDescription
            {
                Repository = (string?)repository?.Attribute("url") ?? "",
                Commit = (string?)repository?.Attribute("commit") ?? "",
                LicenceExpression =
                    (string?)licence?.Attribute("type") == "expression" ? Text(licence) : "",
                LicenceFile = (string?)licence?.Attribute("type") == "file" ? Text(licence) : "",
                LicenceAddress = licence is null ? Text(Element("licenseUrl")) : "",
                Authors = Text(Element("authors")),
                Description = Text(Element("description")),
            };
        }
        catch (Exception exception) when (exception is IOException or XmlException)
        {
            return new PackageDescription();
        }
    }
}
