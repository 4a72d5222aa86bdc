import UnderstudyCLI

UnderstudyCLI.main()
