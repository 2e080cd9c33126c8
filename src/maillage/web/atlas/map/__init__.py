"""The national map, the same content as a list, and their exports."""
