"""A provider of texts for tests, shaped like Twilio: a program of its own, with a ledger of its own, that can fail."""
