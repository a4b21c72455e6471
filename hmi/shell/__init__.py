"""The frame round every page: top bar, navigation, pages, alarm banner."""
