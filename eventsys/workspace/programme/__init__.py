"""The organisers' forms of sessions, speakers and materials."""
