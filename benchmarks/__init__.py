"""Measurements: what they print is what README and docs/design.md quote."""
