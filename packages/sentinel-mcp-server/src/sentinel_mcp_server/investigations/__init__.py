"""Questions that take several tables to answer."""
