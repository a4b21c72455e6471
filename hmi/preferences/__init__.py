"""What the program remembers for one person between runs: how they want to see things, and the size of the window."""
