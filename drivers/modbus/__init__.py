"""Modbus devices."""
