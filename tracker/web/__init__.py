"""The door with a face: addresses, access, forms, views and the tags that templates use."""
