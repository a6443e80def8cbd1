"""The store on a server that speaks the MongoDB protocol."""
