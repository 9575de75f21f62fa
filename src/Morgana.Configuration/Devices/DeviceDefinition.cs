using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

// One class for each number of inputs: C# has no type lists, and the compiler can only check what is spelt out.

/// <summary>How a device is made from nothing but the machine.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
public sealed class DeviceDefinition<TResult>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device.</summary>
    public IDevice<TResult> Apply() => new Device<TResult>(_definition.Apply());
}

/// <summary>How a device is made from one other.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
/// <typeparam name="T1">The first input.</typeparam>
public sealed class DeviceDefinition<TResult, T1>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device made from this input.</summary>
    public IDevice<TResult> Apply(IDevice<T1> first) =>
        new Device<TResult>(_definition.Apply(first.Node));
}

/// <summary>How a device is made from two others.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
/// <typeparam name="T1">The first input.</typeparam>
/// <typeparam name="T2">The second input.</typeparam>
public sealed class DeviceDefinition<TResult, T1, T2>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device made from these inputs.</summary>
    public IDevice<TResult> Apply(IDevice<T1> first, IDevice<T2> second) =>
        new Device<TResult>(_definition.Apply(first.Node, second.Node));
}

/// <summary>How a device is made from three others.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
/// <typeparam name="T1">The first input.</typeparam>
/// <typeparam name="T2">The second input.</typeparam>
/// <typeparam name="T3">The third input.</typeparam>
public sealed class DeviceDefinition<TResult, T1, T2, T3>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device made from these inputs.</summary>
    public IDevice<TResult> Apply(IDevice<T1> first, IDevice<T2> second, IDevice<T3> third) =>
        new Device<TResult>(_definition.Apply(first.Node, second.Node, third.Node));
}

/// <summary>How a device is made from four others.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
/// <typeparam name="T1">The first input.</typeparam>
/// <typeparam name="T2">The second input.</typeparam>
/// <typeparam name="T3">The third input.</typeparam>
/// <typeparam name="T4">The fourth input.</typeparam>
public sealed class DeviceDefinition<TResult, T1, T2, T3, T4>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device made from these inputs.</summary>
    public IDevice<TResult> Apply(
        IDevice<T1> first,
        IDevice<T2> second,
        IDevice<T3> third,
        IDevice<T4> fourth
    ) => new Device<TResult>(_definition.Apply(first.Node, second.Node, third.Node, fourth.Node));
}

/// <summary>How a device is made from five others.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
/// <typeparam name="T1">The first input.</typeparam>
/// <typeparam name="T2">The second input.</typeparam>
/// <typeparam name="T3">The third input.</typeparam>
/// <typeparam name="T4">The fourth input.</typeparam>
/// <typeparam name="T5">The fifth input.</typeparam>
public sealed class DeviceDefinition<TResult, T1, T2, T3, T4, T5>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device made from these inputs.</summary>
    public IDevice<TResult> Apply(
        IDevice<T1> first,
        IDevice<T2> second,
        IDevice<T3> third,
        IDevice<T4> fourth,
        IDevice<T5> fifth
    ) =>
        new Device<TResult>(
            _definition.Apply(first.Node, second.Node, third.Node, fourth.Node, fifth.Node)
        );
}

/// <summary>How a device is made from six others.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
/// <typeparam name="T1">The first input.</typeparam>
/// <typeparam name="T2">The second input.</typeparam>
/// <typeparam name="T3">The third input.</typeparam>
/// <typeparam name="T4">The fourth input.</typeparam>
/// <typeparam name="T5">The fifth input.</typeparam>
/// <typeparam name="T6">The sixth input.</typeparam>
public sealed class DeviceDefinition<TResult, T1, T2, T3, T4, T5, T6>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device made from these inputs.</summary>
    public IDevice<TResult> Apply(
        IDevice<T1> first,
        IDevice<T2> second,
        IDevice<T3> third,
        IDevice<T4> fourth,
        IDevice<T5> fifth,
        IDevice<T6> sixth
    ) =>
        new Device<TResult>(
            _definition.Apply(
                first.Node,
                second.Node,
                third.Node,
                fourth.Node,
                fifth.Node,
                sixth.Node
            )
        );
}

/// <summary>How a device is made from seven others.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
/// <typeparam name="T1">The first input.</typeparam>
/// <typeparam name="T2">The second input.</typeparam>
/// <typeparam name="T3">The third input.</typeparam>
/// <typeparam name="T4">The fourth input.</typeparam>
/// <typeparam name="T5">The fifth input.</typeparam>
/// <typeparam name="T6">The sixth input.</typeparam>
/// <typeparam name="T7">The seventh input.</typeparam>
public sealed class DeviceDefinition<TResult, T1, T2, T3, T4, T5, T6, T7>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device made from these inputs.</summary>
    public IDevice<TResult> Apply(
        IDevice<T1> first,
        IDevice<T2> second,
        IDevice<T3> third,
        IDevice<T4> fourth,
        IDevice<T5> fifth,
        IDevice<T6> sixth,
        IDevice<T7> seventh
    ) =>
        new Device<TResult>(
            _definition.Apply(
                first.Node,
                second.Node,
                third.Node,
                fourth.Node,
                fifth.Node,
                sixth.Node,
                seventh.Node
            )
        );
}

/// <summary>How a device is made from eight others.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
/// <typeparam name="T1">The first input.</typeparam>
/// <typeparam name="T2">The second input.</typeparam>
/// <typeparam name="T3">The third input.</typeparam>
/// <typeparam name="T4">The fourth input.</typeparam>
/// <typeparam name="T5">The fifth input.</typeparam>
/// <typeparam name="T6">The sixth input.</typeparam>
/// <typeparam name="T7">The seventh input.</typeparam>
/// <typeparam name="T8">The eighth input.</typeparam>
public sealed class DeviceDefinition<TResult, T1, T2, T3, T4, T5, T6, T7, T8>
{
    private readonly Definition _definition;

    internal DeviceDefinition(Definition definition) => _definition = definition;

    /// <summary>The device made from these inputs.</summary>
    public IDevice<TResult> Apply(
        IDevice<T1> first,
        IDevice<T2> second,
        IDevice<T3> third,
        IDevice<T4> fourth,
        IDevice<T5> fifth,
        IDevice<T6> sixth,
        IDevice<T7> seventh,
        IDevice<T8> eighth
    ) =>
        new Device<TResult>(
            _definition.Apply(
                first.Node,
                second.Node,
                third.Node,
                fourth.Node,
                fifth.Node,
                sixth.Node,
                seventh.Node,
                eighth.Node
            )
        );
}
