"""Notices: one per fact and person, by e-mail at the pace that each chose."""
