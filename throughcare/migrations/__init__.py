"""One migration per change of tables, numbered; expand, then contract."""
