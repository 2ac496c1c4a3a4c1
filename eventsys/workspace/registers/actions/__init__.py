"""Verbs of the registers that reach over several packages: merging people, and what comes after an organisation."""
