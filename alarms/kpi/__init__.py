"""How good the alarm system itself is: figures of ISA-18.2 / IEC 62682 over rows of the journal, and while it runs."""
