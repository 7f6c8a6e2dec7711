"""A provider of texts for tests, shaped like GOV.UK Notify: a program of its own, with a ledger of its own, that can fail."""
