"""`make bench`: how fast the pages are, beside a bare page of the same server."""
