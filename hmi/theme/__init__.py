"""How everything looks: colours by role, fonts, icons, the palette, one style sheet and the focus ring."""
