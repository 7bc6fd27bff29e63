"""The demo: an invented world, walked through the real use cases."""
