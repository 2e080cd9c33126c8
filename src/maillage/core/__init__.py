"""The shared vocabulary: codes, errors, tables, small counts. Imports the standard library and NumPy."""
