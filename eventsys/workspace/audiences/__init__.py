"""Audiences as organisers tick them and read of them; `audiences` says what one is and who is in it."""
