"""All configured alarms as a list, and the dialog that changes one. GUI thread, where nothing else is said."""
