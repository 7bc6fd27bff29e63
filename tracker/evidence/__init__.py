"""What a plant answers with: files, versions and submissions."""
