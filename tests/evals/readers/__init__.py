"""Result files as other programs write them."""
