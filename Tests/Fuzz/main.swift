FuzzDriver.main()
