"""The virtual plant: hydraulics, treatment, and the PLCs that serve them on real sockets."""
