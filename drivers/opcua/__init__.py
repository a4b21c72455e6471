"""OPC UA devices."""
