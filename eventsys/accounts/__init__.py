"""People who organise: how they sign in and what they may."""
