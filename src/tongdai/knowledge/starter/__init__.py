"""What a new city begins with, as the product ships it: plain text files that `files` reads."""
