"""How somebody gets in: addresses, mails about the account, invitations and roles."""
