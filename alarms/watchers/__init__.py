"""What judges conditions that are more than a tag against a fixed limit."""
