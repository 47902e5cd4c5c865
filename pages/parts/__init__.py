"""What pages are made of: parts receive rows and never fetch them."""
