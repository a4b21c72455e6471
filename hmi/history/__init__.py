"""The page of history: how it is recorded, what it takes, what waits for a server, when it was backed up."""
