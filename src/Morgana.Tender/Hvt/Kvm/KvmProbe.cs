using System.Diagnostics;
using System.Globalization;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>
/// Tries this machine's KVM with a guest of a few instructions. That <c>/dev/kvm</c> is there says little: inside a virtual machine another
/// emulator may sit behind it that takes microseconds for an instruction or fails on those of vectors, and a unikernel would seem to hang.
/// </summary>
public static class KvmProbe
{
    /// <summary>Where there is more to an instruction than this, hardware does not run it. Real hardware takes 0.3 ns, KVM inside QEMU's own emulator about 2 ns.</summary>
    private const double SlowestNanoseconds = 250;

    /// <summary>Nobody waits longer for the guest.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>The best of so many rounds counts: another program may have had the processor meanwhile.</summary>
    private const int Rounds = 3;
    private const int Iterations = 20_000;
    private const ulong Memory = 4 << 20;

    /// <summary>Tries it, for two seconds at the most and 20 milliseconds where it is as it should be.</summary>
    public static KvmReport Measure()
    {
        if (!File.Exists("/dev/kvm"))
        {
            return new KvmReport(
                false,
                "there is no /dev/kvm: this kernel or machine has no hardware virtualisation (load the module kvm_intel or kvm_amd; for a virtual machine, allow it nested virtualisation; for a container, --device /dev/kvm)"
            );
        }

        // On a thread of its own, which is left behind when the guest does not come back: it ends with this process.
        TaskCompletionSource<KvmReport> report = new();
        new Thread(() => report.SetResult(Try())) { IsBackground = true }.Start();
        return report.Task.Wait(Limit)
            ? report.Task.Result
            : new KvmReport(
                false,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"/dev/kvm did not run a guest of {2 * Iterations} instructions in {Limit.TotalSeconds} s, which takes hardware {Iterations / 1000} us"
                )
            );
    }

    /// <summary>What a time for an instruction means.</summary>
    internal static KvmReport Judge(double nanoseconds) =>
        nanoseconds <= SlowestNanoseconds
            ? KvmReport.Good
            : new KvmReport(
                false,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"/dev/kvm takes {nanoseconds:F0} ns for an instruction, where hardware takes less than 1: an emulator sits behind it, and a unikernel would seem to hang"
                )
            );

    private static KvmReport Try()
    {
        try
        {
            KvmMachine machine = KvmMachine.Create(Memory);
            machine.Processor.Prepare(machine, GuestLayout.LowestImageAddress);
            bool arm = System.Runtime.Intrinsics.Arm.ArmBase.Arm64.IsSupported;
            (arm ? ArmGuest : X64Guest).CopyTo(
                machine.Memory.Host(GuestLayout.LowestImageAddress, 64)
            );
            KvmExit expected = arm ? KvmExit.Mmio : KvmExit.Port;
            double best = double.MaxValue;
            for (int round = 0; round < Rounds && best > SlowestNanoseconds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                machine.Run();
                best = Math.Min(
                    best,
                    Stopwatch.GetElapsedTime(start).TotalNanoseconds / (2 * Iterations)
                );
                if (machine.Exit != expected)
                {
                    return new KvmReport(
                        false,
                        $"/dev/kvm does not run a simple guest: it stopped for reason {(int)machine.Exit} on instructions that every image has"
                    );
                }
            }

            return Judge(best);
        }
        catch (TenderException exception)
        {
            return new KvmReport(false, exception.Message);
        }
    }

    /// <summary>
    /// Turns vector instructions on and uses them, counts down, writes to a port, begins again.
    /// </summary>
    private static ReadOnlySpan<byte> X64Guest =>
        [
            0x0f,
            0x20,
            0xe0, // mov rax, cr4
            0x0d,
            0x00,
            0x06,
            0x00,
            0x00, // or eax, OSFXSR | OSXMMEXCPT
            0x0f,
            0x22,
            0xe0, // mov cr4, rax
            0x0f,
            0x57,
            0xc0, // xorps xmm0, xmm0
            0x0f,
            0x28,
            0xc8, // movaps xmm1, xmm0
            0xb9,
            Iterations & 0xff,
            Iterations >> 8,
            0x00,
            0x00, // mov ecx, iterations
            0xff,
            0xc9, // dec ecx
            0x75,
            0xfc, // jnz to it
            0xba,
            0x00,
            0x05,
            0x00,
            0x00, // mov edx, 0x500
            0xef, // out dx, eax
            0xeb,
            0xde, // jmp to the beginning
        ];

    /// <summary>Counts down, writes to where there is no memory, begins again.</summary>
    private static ReadOnlySpan<byte> ArmGuest =>
        [
            0x00,
            0xc4,
            0x89,
            0xd2, // movz x0, #20000
            0x00,
            0x04,
            0x00,
            0xf1, // subs x0, x0, #1
            0xe1,
            0xff,
            0xff,
            0x54, // b.ne to it
            0x21,
            0x00,
            0xc0,
            0xd2, // movz x1, #1, lsl #32
            0x20,
            0x00,
            0x00,
            0xb9, // str w0, [x1]
            0xfb,
            0xff,
            0xff,
            0x17, // b to the beginning
        ];
}
