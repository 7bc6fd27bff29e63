"""What the law asks of the plants: the project package and its one Django app."""
