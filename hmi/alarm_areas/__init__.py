"""The areas of a plant and what alarms stand in each: tiles, panel and tree. GUI thread."""
