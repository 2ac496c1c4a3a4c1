"""Who answers for an event."""
