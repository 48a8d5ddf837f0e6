"""Azure Resource Manager as far as a Sentinel workspace needs it."""
