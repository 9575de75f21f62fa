using Morgana.Net;

namespace Morgana.Dns.Tests;

public class CachedAnswerAllocationTests
{
    [Theory]
    [InlineData("www.example.test.", RecordType.A)]
    [InlineData("alias.example.test.", RecordType.A)]
    [InlineData("none.example.test.", RecordType.A)]
    [InlineData("ent.example.test.", RecordType.A)]
    [InlineData("x.localhost.", RecordType.A)]
    [InlineData("3.2.1.10.in-addr.arpa.", RecordType.Ptr)]
    public void An_answer_from_the_cache_allocates_nothing(string name, RecordType type)
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Ask(name, type);
        byte[] query = MessageText.Query(name, type);
        byte[] answer = new byte[1232];
        DnsPeer peer = new(new IpEndpoint(IpAddress.FromV4(10, 9, 9, 9), 1), default);
        // Twice enough for the code to be compiled.
        for (int i = 0; i < 100; i++)
        {
            Assert.NotEqual(0, net.Machine.TakeQuery(query, peer, net.Now, answer));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        int length = 0;
        for (int i = 0; i < 1000; i++)
        {
            length += net.Machine.TakeQuery(query, peer, net.Now, answer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(length > 40_000);
    }
}
