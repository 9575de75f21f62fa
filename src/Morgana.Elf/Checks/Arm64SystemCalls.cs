using System.Buffers.Binary;

namespace Morgana.Elf;

/// <summary>Finds <c>svc</c> among AArch64 instructions, which have four bytes each (Arm ARM, C6.2 SVC).</summary>
internal static class Arm64SystemCalls
{
    public static void Find(CodeSection code, bool[] isData, List<SystemCallSite> sites)
    {
        for (int offset = 0; offset + 4 <= code.Bytes.Length; offset += 4)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(code.Bytes.AsSpan(offset));
            if ((word & 0xffe0001f) == 0xd4000001 && !isData[offset / 4])
            {
                sites.Add(code.Site(offset, "svc", certain: true));
            }
        }
    }
}
