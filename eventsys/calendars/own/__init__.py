"""Secret calendars: of what is signed up under an address, of a contact's organisation, of who organises."""
