"""The world as it is: places, authorities, plants, people. It knows nothing of the law."""
