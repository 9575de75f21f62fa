using static Morgana.Configuration.Devices;

namespace Morgana.Configuration.Tests;

public class ChoiceTests
{
    private static readonly IDevice<IClock> One = Define<IClock>("one", "One()").Apply();
    private static readonly IDevice<IClock> Two = Define<IClock>("two", "Two()").Apply();
    private static readonly IDevice<IClock> Three = Define<IClock>("three", "Three()").Apply();

    [Theory]
    [InlineData("true", "one = One();", "Two()")]
    [InlineData("false", "two = Two();", "One()")]
    public void If_makes_what_the_key_says_and_nothing_else(string value, string made, string not)
    {
        IDevice<IJob> job = Job<IClock>("A.B").Apply(If(Key.Flag("first", ""), One, Two));
        string main = Graphs.Files(job, ("first", value))["Main.cs"];
        Assert.Contains(made, main, StringComparison.Ordinal);
        Assert.DoesNotContain(not, main, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spt", "One()")]
    [InlineData("hvt", "Two()")]
    [InlineData("unix", "Three()")]
    [InlineData("virtio", "Three()")]
    public void Match_on_the_target(string target, string made)
    {
        IDevice<IClock> clock = Match(
            Key.Target,
            [(Target.Spt, One), (Target.Hvt, Two)],
            otherwise: Three
        );
        string main = Graphs.Files(Job<IClock>("A.B").Apply(clock), ("target", target))["Main.cs"];
        Assert.Contains(made, main, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_case_that_fits_counts()
    {
        Key<long> size = Key.Number("size", "", 1);
        IDevice<IClock> clock = Match(size, [(1, One), (1, Two)], otherwise: Three);
        Assert.Contains(
            "One()",
            Graphs.Files(Job<IClock>("A.B").Apply(clock))["Main.cs"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Choices_nest_and_what_is_shared_stays_shared()
    {
        FlagKey a = Key.Flag("a", "");
        FlagKey b = Key.Flag("b", "");
        IDevice<IClock> inner = If(b, One, Two);
        IDevice<IJob> job = Job<IClock, IClock>("A.B").Apply(If(a, inner, Three), inner);
        string main = Graphs.Files(job, ("a", "true"), ("b", "true"))["Main.cs"];
        Assert.Contains("new global::A.B(one, one)", main, StringComparison.Ordinal);
        main = Graphs.Files(job, ("a", "false"), ("b", "false"))["Main.cs"];
        Assert.Contains("new global::A.B(three, two)", main, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_chosen_leaves_no_argument_no_slot_and_no_library()
    {
        IDevice<IUdp> stack = If(
            Key.Flag("net", ""),
            GenericIpv4Stack(DefaultNetwork()),
            Define<IUdp>("none", "new NoUdp()").Apply()
        );
        IDevice<IJob> job = Job<IUdp>("A.B").Apply(stack);
        SortedDictionary<string, string> without = Graphs.Files(job);
        Assert.DoesNotContain("ipv4", without["Main.cs"], StringComparison.Ordinal);
        Assert.Contains("\"devices\": []", without["manifest.json"], StringComparison.Ordinal);
        Assert.DoesNotContain("Morgana.Net", without["project.props"], StringComparison.Ordinal);
        SortedDictionary<string, string> with = Graphs.Files(job, ("net", "true"));
        Assert.Contains("--ipv4", with["Main.cs"], StringComparison.Ordinal);
        Assert.Contains("service", with["manifest.json"], StringComparison.Ordinal);
        Assert.Contains("Morgana.Net", with["project.props"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_job_itself_can_be_a_choice()
    {
        IDevice<IJob> job = If(Key.Flag("test", ""), Job("A.Test").Apply(), Job("A.Real").Apply());
        Assert.Contains(
            "new global::A.Real()",
            Graphs.Files(job)["Main.cs"],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("true", "true", true)]
    [InlineData("true", "false", false)]
    [InlineData("false", "true", true)]
    [InlineData("false", "false", true)]
    public void Conditions_combine(string a, string b, bool expected)
    {
        FlagKey left = Key.Flag("a", "");
        FlagKey right = Key.Flag("b", "");
        // Not a, or b: the implication.
        IDevice<IJob> job = Job<IClock>("A.B").Apply(If(!(left & !right), One, Two));
        Assert.Equal(
            expected,
            Graphs
                .Files(job, ("a", a), ("b", b))["Main.cs"]
                .Contains("One()", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_choice_that_a_key_never_has_is_refused() =>
        Assert.Throws<ConfigurationException>(() =>
            Key.OneOf("mode", "", "fast", "slow").Is("fsat")
        );
}
