"""The door: what is typed there, and what the page says of who came."""
