"""The register: what territories do for the health of their inhabitants, told by themselves."""
