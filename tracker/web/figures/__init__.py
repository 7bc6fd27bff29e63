"""Where things are drawn: pure geometry for the SVG figures."""
