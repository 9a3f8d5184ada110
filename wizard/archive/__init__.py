"""The sessions there are, read from their records without opening them; loads no models where it can do without."""
