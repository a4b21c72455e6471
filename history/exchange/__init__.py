"""What comes into history and leaves it as files, and its way to a server."""
