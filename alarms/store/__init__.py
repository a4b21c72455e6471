"""The journal in the station's own SQLite file: the only place of this room that knows SQL."""
