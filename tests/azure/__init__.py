"""The Azure clients against the emulator: in process, and over TLS with the SDK's own credentials."""
