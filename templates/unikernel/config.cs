#:package Morgana.Configuration@MORGANA_VERSION
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false

using Morgana.Configuration;
using static Morgana.Configuration.Devices;

#if (isServer)
var stack = GenericIpv4Stack(DefaultNetwork(), log: Logging);
var port = BootArgument.WithDefault<int>("port", "7", "the UDP port to answer on");
var job = Job<IUdp, ILog, int>("UnikernelNamespace.Unikernel");

return Project.Register(
    "unikernel-image",
    job.Apply(stack, Logging, port),
    args,
    "Answers datagrams with what they carry."
);
#else
var job = Job<IConsole>("UnikernelNamespace.Unikernel");

return Project.Register("unikernel-image", job.Apply(DefaultConsole), args, "Greets, and ends.");
#endif
