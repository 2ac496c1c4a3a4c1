"""Documents and brochures with their versions, to open, download or order."""
