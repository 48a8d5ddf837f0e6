"""What the emulated organisation is, does and suffers, and the truth about it."""
