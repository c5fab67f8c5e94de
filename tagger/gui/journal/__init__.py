"""The runs that wrote to photos, and taking one back."""
