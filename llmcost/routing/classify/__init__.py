"""Which requests go to which model: rules, and what they take."""
