"""The organisers' side of the intake: what is asked in addresses and forms, and what pages and sheets say."""
