"""What tokens cost: rates, tiers, dates, regions and fees of every model. Pure."""
