"""Duty rosters: who is on duty where and when, by rules that everybody can read."""
