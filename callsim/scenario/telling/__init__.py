"""What is told about a scenario: the manual, the schema, the scenario in plain words, its coverage."""
