"""How many tokens a text, a file, a folder, a chat or an image has: counted offline with tiktoken."""
