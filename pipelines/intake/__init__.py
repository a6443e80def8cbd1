"""What arrives from the spiders: refused or stored."""
