"""Calendar feeds: iCalendar over HTTP."""
