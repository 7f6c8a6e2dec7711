"""The calls that a provider of texts makes to us: proved to be its own, kept, and only then acted on."""
