"""All configured alarms as a list, and the dialog that changes one: see docs/how-to/change-alarms.md."""
