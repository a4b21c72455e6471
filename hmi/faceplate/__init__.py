"""The face of one piece of equipment, made from its type: no Python per type."""
