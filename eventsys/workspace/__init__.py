"""The organisers' pages under /manage/: what needs a decision, events, participants, mail, venues, pasting."""
