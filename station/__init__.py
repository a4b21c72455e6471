"""One running plant without a window: wiring, commands, health."""
