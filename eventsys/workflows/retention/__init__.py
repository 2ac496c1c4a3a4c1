"""What is erased of seats and of people when its time is over; `workflows.erasure` calls it."""
