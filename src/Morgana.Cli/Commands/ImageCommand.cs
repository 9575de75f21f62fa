using System.CommandLine;
using Morgana.Cli.Images;
using Morgana.Cli.Images.Disk;
using Morgana.Cli.Images.Stores;
using Morgana.Cli.Images.Tar;
using Morgana.Cli.Output;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana image</c>: makes disks and looks into them. What it does is said by one option, a form of its own each.</summary>
internal static class ImageCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, string directory)
    {
        ImageOptions options = new();
        ImageForm[] forms =
        [
            new TarForm(options),
            new StoreForm(options),
            new ListForm(),
            new ExtractForm(options),
            new CheckForm(),
            new DiskForm(options),
        ];
        string choices = string.Join(", ", forms.Select(form => form.Choice.Name));
        Command command = new(
            "image",
            $"Makes disk images, and looks into them. Give one of {choices}. What is made depends on the contents alone: times are zero, or SOURCE_DATE_EPOCH."
        );
        foreach (
            Option option in forms
                .Select(form => form.Choice)
                .Concat(forms.SelectMany(form => form.Details))
                .Distinct()
        )
        {
            command.Add(option);
        }

        command.SetAction(
            async (parsed, cancellation) =>
            {
                ImageForm[] chosen = [.. forms.Where(form => Given(parsed, form.Choice))];
                if (chosen.Length != 1)
                {
                    throw new CommandException(
                        ExitCode.Usage,
                        $"Give exactly one of {choices}; morgana image --help says what they do."
                    );
                }

                foreach (Option detail in forms.SelectMany(form => form.Details).Distinct())
                {
                    if (Given(parsed, detail) && !chosen[0].Details.Contains(detail))
                    {
                        throw new CommandException(
                            ExitCode.Usage,
                            $"{detail.Name} says nothing to {chosen[0].Choice.Name}: leave it out."
                        );
                    }
                }

                return await chosen[0]
                    .RunAsync(parsed, new ImageRequest(terminal, directory, options), cancellation)
                    .ConfigureAwait(false);
            }
        );
        return command;
    }

    private static bool Given(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false };
}
