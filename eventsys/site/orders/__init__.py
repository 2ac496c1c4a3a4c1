"""Orders of brochures on paper."""
