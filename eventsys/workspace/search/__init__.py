"""The search on every organisers' page: people, organisations, events and mails that the organiser may see."""
