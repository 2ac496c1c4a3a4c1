"""Signing in at an OpenID Connect provider: what it publishes, the exchange of a code, and which account somebody is."""
