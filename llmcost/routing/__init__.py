"""Who answers: which requests go to which model. Pure."""
