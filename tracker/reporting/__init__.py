"""Progress, tables and numbers: reads, never writes."""
