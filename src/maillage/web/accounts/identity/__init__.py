"""The State's identities: ProConnect for its agents, Pro Santé Connect for health professionals."""
