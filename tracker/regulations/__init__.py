"""What the law says: documents, requirements, limits and targets."""
