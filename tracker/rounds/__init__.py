"""Rounds of the assessment (评估监测): from the first paper to the public list, and after."""
