"""The shared vocabulary: codes, errors, tables, small counts. Imports NumPy, nothing else."""
