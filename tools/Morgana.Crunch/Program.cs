return Morgana.Crunch.CrunchCommand.Run(args, Console.Out, Console.Error);
