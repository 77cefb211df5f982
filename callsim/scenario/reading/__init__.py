"""From files to a checked scenario: YAML with places, overlays, experiments, and all problems at once."""
