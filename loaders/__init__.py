"""What arrives: files of any dress become typed rows and problems, nothing else."""
