"""The page of the alarm journal: rows of alarms and acts, searched, exported and printed. GUI thread."""
