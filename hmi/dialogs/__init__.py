"""What asks an operator before something is written to the plant, and tells what became of it."""
