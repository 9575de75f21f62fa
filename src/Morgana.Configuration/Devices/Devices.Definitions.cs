using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

public static partial class Devices
{
    /// <summary>A device of your own with no inputs.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult> Define<TResult>(
        string name,
        string expression,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.Of<TResult>(name, expression, 0, needs));

    /// <summary>A job: a class with no inputs to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob> Job(string className, params ReadOnlySpan<Need> needs) =>
        new(Definition.OfJob(className, 0, needs));

    /// <summary>A device of your own with one input.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult, T1> Define<TResult, T1>(
        string name,
        string expression,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.Of<TResult>(name, expression, 1, needs));

    /// <summary>A job: a class with one input to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob, T1> Job<T1>(
        string className,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.OfJob(className, 1, needs));

    /// <summary>A device of your own with two inputs.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult, T1, T2> Define<TResult, T1, T2>(
        string name,
        string expression,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.Of<TResult>(name, expression, 2, needs));

    /// <summary>A job: a class with two inputs to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob, T1, T2> Job<T1, T2>(
        string className,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.OfJob(className, 2, needs));

    /// <summary>A device of your own with three inputs.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult, T1, T2, T3> Define<TResult, T1, T2, T3>(
        string name,
        string expression,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.Of<TResult>(name, expression, 3, needs));

    /// <summary>A job: a class with three inputs to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob, T1, T2, T3> Job<T1, T2, T3>(
        string className,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.OfJob(className, 3, needs));

    /// <summary>A device of your own with four inputs.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult, T1, T2, T3, T4> Define<TResult, T1, T2, T3, T4>(
        string name,
        string expression,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.Of<TResult>(name, expression, 4, needs));

    /// <summary>A job: a class with four inputs to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob, T1, T2, T3, T4> Job<T1, T2, T3, T4>(
        string className,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.OfJob(className, 4, needs));

    /// <summary>A device of your own with five inputs.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <typeparam name="T5">Type of the fifth parameter.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult, T1, T2, T3, T4, T5> Define<TResult, T1, T2, T3, T4, T5>(
        string name,
        string expression,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.Of<TResult>(name, expression, 5, needs));

    /// <summary>A job: a class with five inputs to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <typeparam name="T5">Type of the fifth parameter.</typeparam>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob, T1, T2, T3, T4, T5> Job<T1, T2, T3, T4, T5>(
        string className,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.OfJob(className, 5, needs));

    /// <summary>A device of your own with six inputs.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <typeparam name="T5">Type of the fifth parameter.</typeparam>
    /// <typeparam name="T6">Type of the sixth parameter.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult, T1, T2, T3, T4, T5, T6> Define<
        TResult,
        T1,
        T2,
        T3,
        T4,
        T5,
        T6
    >(string name, string expression, params ReadOnlySpan<Need> needs) =>
        new(Definition.Of<TResult>(name, expression, 6, needs));

    /// <summary>A job: a class with six inputs to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <typeparam name="T5">Type of the fifth parameter.</typeparam>
    /// <typeparam name="T6">Type of the sixth parameter.</typeparam>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob, T1, T2, T3, T4, T5, T6> Job<T1, T2, T3, T4, T5, T6>(
        string className,
        params ReadOnlySpan<Need> needs
    ) => new(Definition.OfJob(className, 6, needs));

    /// <summary>A device of your own with seven inputs.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <typeparam name="T5">Type of the fifth parameter.</typeparam>
    /// <typeparam name="T6">Type of the sixth parameter.</typeparam>
    /// <typeparam name="T7">Type of the seventh parameter.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult, T1, T2, T3, T4, T5, T6, T7> Define<
        TResult,
        T1,
        T2,
        T3,
        T4,
        T5,
        T6,
        T7
    >(string name, string expression, params ReadOnlySpan<Need> needs) =>
        new(Definition.Of<TResult>(name, expression, 7, needs));

    /// <summary>A job: a class with seven inputs to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <typeparam name="T5">Type of the fifth parameter.</typeparam>
    /// <typeparam name="T6">Type of the sixth parameter.</typeparam>
    /// <typeparam name="T7">Type of the seventh parameter.</typeparam>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob, T1, T2, T3, T4, T5, T6, T7> Job<
        T1,
        T2,
        T3,
        T4,
        T5,
        T6,
        T7
    >(string className, params ReadOnlySpan<Need> needs) =>
        new(Definition.OfJob(className, 7, needs));

    /// <summary>A device of your own with eight inputs.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <typeparam name="T5">Type of the fifth parameter.</typeparam>
    /// <typeparam name="T6">Type of the sixth parameter.</typeparam>
    /// <typeparam name="T7">Type of the seventh parameter.</typeparam>
    /// <typeparam name="T8">Type of the eighth parameter.</typeparam>
    /// <param name="name">What the generated variable is called, in camel case.</param>
    /// <param name="expression">The C# expression that makes it: <c>{0}</c> is the first input, <c>machine</c> the machine; it may use <c>await</c>.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<TResult, T1, T2, T3, T4, T5, T6, T7, T8> Define<
        TResult,
        T1,
        T2,
        T3,
        T4,
        T5,
        T6,
        T7,
        T8
    >(string name, string expression, params ReadOnlySpan<Need> needs) =>
        new(Definition.Of<TResult>(name, expression, 8, needs));

    /// <summary>A job: a class with eight inputs to its constructor that implements <c>Morgana.Runtime.IUnikernel</c>.</summary>
    /// <typeparam name="T1">Type of the first parameter.</typeparam>
    /// <typeparam name="T2">Type of the second parameter.</typeparam>
    /// <typeparam name="T3">Type of the third parameter.</typeparam>
    /// <typeparam name="T4">Type of the fourth parameter.</typeparam>
    /// <typeparam name="T5">Type of the fifth parameter.</typeparam>
    /// <typeparam name="T6">Type of the sixth parameter.</typeparam>
    /// <typeparam name="T7">Type of the seventh parameter.</typeparam>
    /// <typeparam name="T8">Type of the eighth parameter.</typeparam>
    /// <param name="className">Full name of the class, as in Resolver.ResolverUnikernel.</param>
    /// <param name="needs">Libraries, packages, projects and manifest devices that it needs.</param>
    public static DeviceDefinition<IJob, T1, T2, T3, T4, T5, T6, T7, T8> Job<
        T1,
        T2,
        T3,
        T4,
        T5,
        T6,
        T7,
        T8
    >(string className, params ReadOnlySpan<Need> needs) =>
        new(Definition.OfJob(className, 8, needs));
}
