namespace Morgana.Elf;

/// <summary>
/// The manifest as a relocatable ELF object to be linked into an image, so that no C compiler is needed for it.
/// The note stands in section <c>.note.solo5.manifest</c> (aligned to 4, allocated, read only) under the global symbol
/// <c>__solo5_mft1_note</c>, where the linker scripts and bindings of Solo5 look for it. A script that has the guest read the
/// manifest in place aligns the section to 8.
/// </summary>
public static class ManifestObject
{
    /// <summary>The symbol that names the note.</summary>
    public const string SymbolName = "__solo5_mft1_note";

    /// <summary>Writes the object.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="machine">The image's architecture.</param>
    /// <returns>The bytes of the object file.</returns>
    public static byte[] Write(Manifest manifest, ElfMachine machine)
    {
        byte[] note = ElfNoteWriter.Write(
            "Solo5",
            ManifestNote.NoteType,
            ManifestNote.Encode(manifest)
        );
        return new ElfObjectWriter(machine).Write(ManifestNote.SectionName, note, SymbolName);
    }
}
