"""A long computation is a row: computed by a worker, shown live, kept, repeated, cancelled."""
