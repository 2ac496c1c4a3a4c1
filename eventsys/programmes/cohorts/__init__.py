"""A cohort's own verbs and reads: what it is called and holds, and how each membership in it stands."""
