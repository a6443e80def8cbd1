"""The spiders: what is fetched and what is made of a response."""
