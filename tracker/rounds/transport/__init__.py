"""Clean transport (清洁运输): the monthly ledger, the fleet, and what the rules make of them."""
