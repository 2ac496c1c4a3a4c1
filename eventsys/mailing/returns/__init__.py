"""What comes back to the address that mails are sent from: read, matched with the mail, acted on, answered with nothing."""
