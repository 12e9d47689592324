FrontDoor.serve()
