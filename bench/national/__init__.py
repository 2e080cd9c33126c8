"""What the accessibility benches share: a synthetic country and the way they measure."""
