"""The device page: every link of the plant, and one of them in detail."""
