"""The mails that somebody got about a place, a delegation or an application, behind the link to it."""
