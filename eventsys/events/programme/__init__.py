"""The programme of runs: sessions in rooms along time, who speaks at them, and how it lies in a table."""
