"""Tokens of texts, files, folders, chats, batches and images."""
