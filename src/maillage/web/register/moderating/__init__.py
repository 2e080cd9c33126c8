"""The queue of moderators, and the page on which a record is judged."""
