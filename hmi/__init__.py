"""The only package that knows Qt: shell, displays, symbols, faceplates."""
