"""What the system gives: files that appear whole, bars on terminals, packages that are extras."""
