"""The invitation to apply: whom it goes to, who has read it, begun and sent, nudges."""
