"""The page "Alarm performance": how good the alarm system is now and over the last days, and its report."""
