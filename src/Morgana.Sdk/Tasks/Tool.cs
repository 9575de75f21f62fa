using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Morgana.Sdk;

/// <summary>Runs the programs of a toolchain, without a shell.</summary>
internal static class Tool
{
    public static string Run(
        string program,
        IEnumerable<string> arguments,
        string code,
        string package,
        IReadOnlyList<string> environment,
        string? folder,
        Action<string> log,
        CancellationToken cancelled
    )
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        foreach (string variable in environment)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..equals]] = variable[(equals + 1)..];
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        log(program + " " + string.Join(' ', start.ArgumentList));
        StringBuilder output = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        try
        {
            _ = process.Start();
        }
        catch (Win32Exception)
        {
            throw new SdkException(
                code,
                $"{program} cannot be started: install it (Debian: apt-get install {package}), or name another in the toolchain."
            );
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (cancelled.Register(() => process.Kill(entireProcessTree: true)))
        {
            process.WaitForExit();
        }

        cancelled.ThrowIfCancellationRequested();
        string text = output.ToString().TrimEnd();
        return process.ExitCode == 0
            ? text
            : throw new SdkException(code, $"{Path.GetFileName(program)} failed:\n{text}");

        void Append(string? line)
        {
            if (line is not null)
            {
                // Where in itself a tool written in C# failed is of no use to its user.
                if (line.StartsWith("   at ", StringComparison.Ordinal))
                {
                    return;
                }

                lock (output)
                {
                    _ = output.Append(line).Append('\n');
                }
            }
        }
    }
}
