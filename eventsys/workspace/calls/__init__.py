"""Calls as organisers write them, send them and follow them; `programmes.calls` says what one is."""
