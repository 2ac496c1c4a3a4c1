"""The programme of 2008 to try the system with: its data, a command that runs all of it, and the pages under /dev/.

Nothing here runs in an installation that people use: the pages answer only when `DEVELOPMENT` is set.
"""
