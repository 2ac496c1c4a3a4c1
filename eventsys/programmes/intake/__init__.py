"""Who is admitted: assessors, criteria, decisions under a ceiling, letters."""
