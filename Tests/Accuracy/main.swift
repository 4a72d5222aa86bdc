import VerdictSimulation

AccuracyReport.run(arguments: Array(CommandLine.arguments.dropFirst()))
