using Hello;
using Morgana.Runtime;

return Machine.Run(args, machine => new HelloUnikernel(machine.Console).RunAsync());
