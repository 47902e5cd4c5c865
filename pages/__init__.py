"""What is seen: one module, one page; the command line is one of them."""
