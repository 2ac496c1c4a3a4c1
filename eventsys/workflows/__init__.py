"""Rules: what changes and the passing of time make into mail."""
