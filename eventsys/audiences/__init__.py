"""Who is meant: clauses compiled to one SELECT of people, with the reasons why each is in it."""
