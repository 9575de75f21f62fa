using Morgana.Tender.Hvt;

namespace Morgana.Tender.Tests.Hvt;

public sealed class KvmProbeTests
{
    [Theory]
    [InlineData(0.3, true)]
    [InlineData(10, true)]
    [InlineData(2000, false)]
    public void An_instruction_that_takes_microseconds_is_an_emulators(
        double nanoseconds,
        bool works
    )
    {
        KvmReport report = KvmProbe.Judge(nanoseconds);
        Assert.Equal(works, report.Works);
        Assert.Equal(works, report.Problem.Length == 0);
    }
}
