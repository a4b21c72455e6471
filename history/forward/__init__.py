"""From the station's own file to a server: frames, journal and audit, each exactly once and in order (record 16)."""
