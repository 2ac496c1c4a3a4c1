"""The shared register of organisations: finding one by its address, correcting it, and what comes after it."""
