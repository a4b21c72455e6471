"""The symbols of equipment: SVG files recoloured by class, kept as pixmaps."""
