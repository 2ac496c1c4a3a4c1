"""Municipalities, unions and organisers, and the people who come from them."""
