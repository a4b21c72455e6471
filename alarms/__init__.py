"""Deciding what needs a person, and remembering it: states, conditions, engine, snapshot, journal. No Qt."""
