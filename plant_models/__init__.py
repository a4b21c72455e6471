"""What a plant is: tags, values, equipment, the plant folder, and the virtual plant. No Qt, no SQL."""
