"""What many samples come to: aggregates of OPC UA Part 13, totals, calendar buckets, pixels. Pure, any thread."""
