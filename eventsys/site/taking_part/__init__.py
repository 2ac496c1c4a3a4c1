"""The programme's own public pages: who is behind it, who takes part, networks, figures in totals."""
