"""The mails that somebody got about a place or a delegation, behind the link to it."""
