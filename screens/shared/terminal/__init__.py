"""What comes from the terminal: bytes in, keys and whole pastes out."""
