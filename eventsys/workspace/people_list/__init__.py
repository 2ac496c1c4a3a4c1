"""The organisers' list of participants: filters, columns, changes of many at once, pasting, files for others."""
