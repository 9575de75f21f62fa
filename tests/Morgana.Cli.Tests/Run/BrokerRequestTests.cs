using System.Net;
using System.Net.Sockets;
using CsCheck;
using Morgana.Cli.Run.Namespaces;

namespace Morgana.Cli.Tests.Run;

public sealed class BrokerRequestTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen<IPAddress> address = Gen.OneOf(
            Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes)),
            Gen.Byte.Array[16].Select(bytes => new IPAddress(bytes))
        );
        Gen.Select(address, Gen.Int[0, 65535], Gen.Bool)
            .Sample(
                (host, port, udp) =>
                {
                    BrokerRequest request = new(
                        new IPEndPoint(host, port),
                        udp ? ProtocolType.Udp : ProtocolType.Tcp
                    );
                    byte[] bytes = new byte[BrokerRequest.Length];
                    request.Write(bytes);
                    Assert.True(BrokerRequest.TryRead(bytes, out BrokerRequest read));
                    Assert.Equal(request, read);
                }
            );
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_never_throw() =>
        Gen
            .Byte.Array[0, 40]
            .Sample(bytes =>
            {
                if (BrokerRequest.TryRead(bytes, out BrokerRequest request))
                {
                    Assert.Equal(BrokerRequest.Length, bytes.Length);
                    Assert.NotNull(request.Address);
                }
            });
}
