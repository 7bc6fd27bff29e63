"""Robots of groups and webhooks: set up, what is promised to them, and how it gets there."""
