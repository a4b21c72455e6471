"""What all screens of alarms share: one model of them, signs and words; bell, banner and rights. GUI thread."""
