"""Reaching devices: one worker per connection turns registers and nodes into batches."""
