"""Drawing random scenarios: mappings in the scenario language, valid by construction, small, and full of ties."""
