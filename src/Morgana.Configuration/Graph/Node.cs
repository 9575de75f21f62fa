namespace Morgana.Configuration.Graph;

/// <summary>A node as config.cs builds it: a shape and the nodes it is made from. Equal nodes become one in <see cref="UnikernelGraph"/>.</summary>
internal sealed record Node(NodeShape Shape, Node[] Inputs);
