"""What people need, as numbers that tell nothing about anybody."""
