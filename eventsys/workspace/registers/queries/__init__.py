"""Reads for the registers' pages, a module for each noun; `scope` says what an organiser sees at all."""
