"""How people come in: passwords, one-time codes, limits, the addresses of it all."""
