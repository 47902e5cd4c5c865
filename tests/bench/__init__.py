"""What is measured: stores of any size and the time they take."""
