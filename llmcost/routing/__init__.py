"""Who answers: classify (rules on prompts), mix (a share or a cascade), curve (a router on items). Pure."""
