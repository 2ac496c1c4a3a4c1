"""What has been done, as one list: every history that the organiser's things have, read together."""
