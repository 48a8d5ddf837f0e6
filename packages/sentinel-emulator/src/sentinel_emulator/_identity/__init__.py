"""Tokens, and the endpoints from which Azure clients fetch them."""
