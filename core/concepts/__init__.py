"""The arithmetic behind the concepts page, in plain numpy: small enough to check by hand."""
