"""What a crawl starts from: seeds as given, documents that name pages, pages that the store knows."""
