"""The alarm list: its table, filters, tabs and details, what is done to its rows, print and export. GUI thread."""
