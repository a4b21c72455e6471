"""The screens of the alarms: one model under bell, banner, list, navigation and displays; the journal. GUI thread."""
