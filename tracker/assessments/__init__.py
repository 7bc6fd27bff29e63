"""What the authority decides: reviews of submissions (rounds of 评估监测 come later)."""
